// Measures a page as a person would mind it, and leaves what it found in the title. Added by the test only.
const all = selector => [...document.querySelectorAll(selector)];
const colour = text => {
  const parts = text.replace(/^color\(srgb/, "").match(/[\d.]+/g).map(Number);
  // Mixed colours are told as fractions of one.
  return text.startsWith("color(") ? parts.map((part, at) => at < 3 ? part * 255 : part) : parts;
};
const luminance = ([r, g, b]) => {
  const part = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
};
// The first background behind an element that covers.
const behind = element => {
  for (let at = element; at; at = at.parentElement) {
    const found = colour(getComputedStyle(at).backgroundColor);
    if (found.length < 4 || found[3] > 0.9) return found;
  }
  return [255, 255, 255];
};
const contrast = element => {
  const [one, other] = [colour(getComputedStyle(element).color), behind(element)].map(luminance);
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
};
const shown = element => element.getClientRects().length > 0 && !element.closest(".hidden");
const ownText = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());

all(".seq details, details.more").forEach(one => { one.open = true; });
const texts = all("body *").filter(one => !one.closest("svg, script") && ownText(one) && shown(one));
const levels = all("h1, h2, h3").map(one => Number(one.tagName[1]));
const ids = all("[id]").map(one => one.id);
const name = one => one.tagName + "." + one.getAttribute("class") + " " + one.textContent.trim().slice(0, 30);
document.title = JSON.stringify({
  heading: document.querySelector("h1").textContent,
  verdict: document.querySelector(".verdict").textContent,
  language: document.documentElement.lang,
  paper: getComputedStyle(document.body).backgroundColor,
  overflow: Math.max(0, document.documentElement.scrollWidth - window.innerWidth),
  faint: texts.filter(one => contrast(one) < 4.5).map(one => name(one) + " " + contrast(one).toFixed(2)).slice(0, 5),
  nameless: all("svg:not([aria-hidden=true])").filter(one => !one.getAttribute("aria-label"))
    .concat(all("table").filter(one => !one.caption), all("tbody tr").filter(one => !one.querySelector("th[scope=row]")))
    .map(name).slice(0, 5),
  unreachable: all("summary, a[href], .scroll, pre[tabindex]").filter(one => shown(one) && one.tabIndex < 0).map(name),
  headings: levels[0] === 1 && levels.every((level, at) => at === 0 || level <= levels[at - 1] + 1) ? "in order" : levels.join(),
  twice: ids.filter((id, at) => ids.indexOf(id) !== at),
  dangling: all("a[href^='#']").map(one => one.getAttribute("href").slice(1)).filter(id => !ids.includes(id)),
  sequences: all("ol.seq").length,
  messages: all(".seq details").length,
  opened: all(".seq .said").filter(one => shown(one) && one.textContent.trim()).length,
}).replaceAll("<", "‹");
