//! Searches, which lag, lists, which do not, and the two ways through their pages.

use super::*;

fn found(desk: &mut Caller<Support>, target: &str, key: &str) -> Vec<u64> {
    let (status, body) = desk.get(target);
    assert_eq!(status, 200, "{target}: {body}");
    ids(&body, key)
}

#[test]
fn every_search_shows_a_write_only_after_the_lag() {
    let mut desk = desk();
    let id = create(&mut desk, ANN);
    let searches = [
        ("/api/v2/users/search.json?query=email:ann@x.org", "users"),
        ("/api/v2/users/search.json?query=Lee", "users"),
        ("/api/v2/users/search?external_id=c001%2FS1", "users"),
        ("/api/v2/users/search?query=external_id:C001/s1+tags:vip", "users"),
        ("/api/v2/search.json?query=type:user+email:ann@x.org", "results"),
        ("/api/v2/search.json?query=type:user%20phone:%2B493012345", "results"),
        ("/api/v2/users/show_many.json?external_ids=C001/s1,C9", "users"),
    ];
    for (target, key) in searches {
        assert_eq!(found(&mut desk, target, key), [0; 0], "{target}");
    }
    desk.wait(Nanos::secs(2));
    for (target, key) in searches {
        assert_eq!(found(&mut desk, target, key), [id], "{target}");
    }
    desk.delete(&of(id, ""));
    for (target, key) in searches {
        assert_eq!(found(&mut desk, target, key), [id], "{target}");
    }
    desk.wait(Nanos::secs(2));
    for (target, key) in searches {
        assert_eq!(found(&mut desk, target, key), [0; 0], "{target}");
    }
}

#[test]
fn a_search_finds_by_what_users_have_and_refuses_what_they_have_not() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    desk.wait(Nanos::secs(86_400));
    let bob = create(&mut desk, r#"{"user":{"name":"Bob","email":"bob@y.org"}}"#);
    desk.wait(Nanos::secs(2));
    for (query, expected) in [
        ("email:ann@x.org+email:bob@y.org", &[ann, bob][..]),
        ("email:*y.org", &[bob]),
        ("phone:none", &[bob]),
        ("-phone:none", &[ann]),
        ("created%3E2026-01-01", &[bob]),
        ("created%3C=2026-01-01+name:ann", &[ann]),
        ("created%3E2026-01-01+created%3C2026-01-02", &[]),
        ("is_verified:true", &[ann]),
        ("notes:none", &[ann, bob]),
    ] {
        let target = format!("/api/v2/users/search?query={query}");
        assert_eq!(found(&mut desk, &target, "users"), expected, "{query}");
    }
    for query in ["shoe_size:4", "created%3Esoon", "email:%22a", "is_verified:maybe", "email:a+OR"] {
        for path in ["users/search", "search"] {
            let (status, body) = desk.get(&format!("/api/v2/{path}.json?query={query}"));
            assert_eq!((status, &body["error"]), (422, &json!("invalid")), "{query}");
        }
    }
}

#[test]
fn a_search_shows_a_changed_user_as_it_was_until_the_lag_is_over() {
    let mut desk = desk();
    desk.model.control(Instant::ZERO, &seed(0));
    let by = |name: &str| format!("/api/v2/search?query=type:user+name:{name}");
    assert_eq!(found(&mut desk, &by("bob"), "results").len(), 1);
    desk.put(&of(FIRST_ID, ""), r#"{"user":{"name":"Rob Ray"}}"#);
    assert_eq!(desk.get(&by("bob")).1["results"][0]["name"], "Bob Ray");
    assert_eq!(found(&mut desk, &by("rob"), "results"), [0; 0]);
    desk.wait(Nanos::secs(2));
    assert_eq!(desk.get(&by("rob")).1["results"][0]["result_type"], "user");
    assert_eq!(found(&mut desk, &by("bob"), "results"), [0; 0]);
    assert_eq!(found(&mut desk, "/api/v2/search?query=type:ticket", "results"), [0; 0]);
    assert_eq!(desk.get("/api/v2/search").0, 400);
}

#[test]
fn show_many_by_ids_and_the_list_are_fresh() {
    let mut desk = desk();
    let (ann, bob) = (create(&mut desk, ANN), create(&mut desk, &user_named(1)));
    desk.delete(&of(bob, ""));
    let target = format!("/api/v2/users/show_many?ids={bob}%2C{ann},5,{ann}");
    assert_eq!(found(&mut desk, &target, "users"), [ann, bob]);
    assert_eq!(found(&mut desk, USERS, "users"), [ann]);
    assert_eq!(desk.get("/api/v2/users/show_many").0, 400);
}

#[test]
fn pages_by_offset_tell_of_each_other() {
    let mut desk = desk();
    let all: Vec<_> = (0..5).map(|number| create(&mut desk, &user_named(number))).collect();
    desk.wait(Nanos::secs(2));
    let (_, body) = desk.get("/api/v2/users/search.json?query=x.org&page=2&per_page=2");
    assert_eq!((ids(&body, "users"), &body["count"]), (all[2..4].to_vec(), &json!(5)));
    assert_eq!(body["next_page"], "https://desk.example/api/v2/users/search.json?query=x.org&page=3&per_page=2");
    assert_eq!(body["previous_page"], "https://desk.example/api/v2/users/search.json?query=x.org&page=1&per_page=2");
    let (_, body) = desk.get("/api/v2/users?page=9&per_page=2");
    assert_eq!((&body["users"], &body["next_page"]), (&json!([]), &Value::Null));
    assert_eq!(desk.get("/api/v2/search?query=type:user&page=11").0, 422);
}

#[test]
fn pages_by_cursor_are_walked_forth_and_back() {
    let mut desk = desk();
    let all: Vec<_> = (0..5).map(|number| create(&mut desk, &user_named(number))).collect();
    let (mut target, mut seen) = ("/api/v2/users.json?page%5Bsize%5D=2".to_owned(), Vec::new());
    let last = loop {
        let (_, body) = desk.get(&target);
        seen.push(ids(&body, "users"));
        if body["meta"]["has_more"] == false {
            break body;
        }
        target = body["links"]["next"].as_str().unwrap().trim_start_matches("https://desk.example").to_owned();
    };
    assert_eq!(seen, [&all[0..2], &all[2..4], &all[4..5]]);
    let back = last["links"]["prev"].as_str().unwrap().trim_start_matches("https://desk.example").to_owned();
    let (_, body) = desk.get(&back);
    assert_eq!((ids(&body, "users"), &body["meta"]["has_more"]), (all[2..4].to_vec(), &json!(true)));
    let cursor = body["meta"]["before_cursor"].as_str().unwrap();
    let (_, body) = desk.get(&format!("/api/v2/users.json?page[size]=2&page[before]={cursor}"));
    assert_eq!((ids(&body, "users"), &body["meta"]["has_more"]), (all[0..2].to_vec(), &json!(false)));
}
