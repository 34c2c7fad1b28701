//! The frame of a page: title, verdict, facts, style. Everything is in the one file.

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("style.css");

/// How good the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    Good,
    Bad,
    Open,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "verdict good",
            Self::Bad => "verdict bad",
            Self::Open => "verdict open",
        }
    }
}

/// A page.
pub(super) struct Page<'a> {
    pub(super) title: &'a str,
    /// The verdict in a word, and what it rests on.
    pub(super) verdict: (Tone, &'a str, &'a str),
    /// What was done, in numbers: name and value.
    pub(super) facts: &'a [(&'a str, String)],
    pub(super) body: Markup,
}

/// Writes the page.
pub(super) fn write(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (tone, word, reasons) = page.verdict;
    let markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "sagaproof " (env!("CARGO_PKG_VERSION")) };
                title { (page.title) ": " (word) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#findings" { "Skip to the findings" }
                header.top {
                    h1 { (page.title) }
                    p class=(tone.class()) role="status" { b { (word) } span { (reasons) } }
                    dl.facts {
                        @for (name, value) in page.facts { div { dt { (name) } dd { (value) } } }
                    }
                }
                main #findings tabindex="-1" { (page.body) }
                footer {
                    p {
                        "Written by sagaproof " (env!("CARGO_PKG_VERSION"))
                        ". The same seeds and arguments give the same page. Times in worlds are virtual."
                    }
                }
            }
        }
    };
    out.write_all(markup.into_string().as_bytes())?;
    out.write_all(b"\n")
}
