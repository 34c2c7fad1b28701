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
    assert_eq!(found(&mut desk, "/api/v2/search?query=type:organization", "results"), [0; 0]);
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

#[test]
fn what_searches_do_not_know_is_refused() {
    let mut desk = desk();
    create(&mut desk, ANN);
    desk.wait(Nanos::secs(2));
    for query in ["type:ticket", "favourite:blue", "-favourite:blue", "created%3Eyesterday", "email:%22a"] {
        let (status, body) = desk.get(&format!("/api/v2/search?query={query}"));
        assert_eq!((status, &body["error"]), (422, &json!("invalid")), "{query}: {body}");
        assert_eq!(desk.get(&format!("/api/v2/users/search?query={query}")).0, 422, "{query}");
    }
    assert_eq!(desk.get("/api/v2/users/search").0, 400);
    assert_eq!(found(&mut desk, "/api/v2/users/search?query=is_verified:true+is_suspended:false", "users").len(), 1);
}

#[test]
fn the_list_is_filtered_by_role_and_external_id() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let bob = create(&mut desk, r#"{"user":{"name":"Bob","role":"agent"}}"#);
    let eve = create(&mut desk, r#"{"user":{"name":"Eve","role":"admin"}}"#);
    for (query, expected) in [
        ("role=end-user", vec![ann]),
        ("role[]=agent&role%5B%5D=admin", vec![bob, eve]),
        ("external_id=c001%2FS1", vec![ann]),
        ("external_id=C001/s1&role=agent", vec![]),
        ("external_id=C9", vec![]),
        ("include=identities&sort=id", vec![ann, bob, eve]),
    ] {
        assert_eq!(found(&mut desk, &format!("/api/v2/users.json?{query}"), "users"), expected, "{query}");
        let counted = desk.get(&format!("/api/v2/users/count?{query}")).1["count"]["value"].clone();
        assert_eq!(counted, json!(expected.len()), "{query}");
    }
    for query in ["role=bogus", "role[]=", "email=ann@x.org", "permission_set=7"] {
        assert_eq!(desk.get(&format!("/api/v2/users?{query}")).0, 400, "{query}");
    }
}

#[test]
fn a_cursor_that_was_never_given_out_is_refused() {
    let mut desk = desk();
    create(&mut desk, ANN);
    for query in ["page[size]=2&page[after]=garbage", "page%5Bafter%5D=7", "page[before]=o", "page[size]=many"] {
        let (status, body) = desk.get(&format!("/api/v2/users?{query}"));
        assert_eq!((status, &body["errors"][0]["code"]), (400, &json!("InvalidPaginationParameter")), "{query}");
    }
    let (_, body) = desk.get("/api/v2/users?page[after]=o0");
    assert_eq!((&body["users"], &body["meta"]["has_more"]), (&json!([]), &json!(false)));
}

#[test]
fn a_search_is_sorted_where_that_is_asked_for() {
    let mut desk = desk();
    let all: Vec<_> = (0..3)
        .map(|number| {
            desk.wait(Nanos::secs(1));
            create(&mut desk, &user_named(number))
        })
        .collect();
    desk.wait(Nanos::secs(1));
    desk.put(&of(all[0], ""), r#"{"user":{"details":"x.org"}}"#);
    desk.wait(Nanos::secs(2));
    for (query, expected) in [
        ("", [0, 1, 2]),
        ("&sort_by=created_at", [2, 1, 0]),
        ("&sort_by=created_at&sort_order=asc", [0, 1, 2]),
        ("&sort_by=updated_at&sort_order=desc", [0, 2, 1]),
        ("&sort_by=updated_at&sort_order=asc", [1, 2, 0]),
    ] {
        let expected: Vec<_> = expected.iter().map(|&place| all[place]).collect();
        let target = format!("/api/v2/search?query=x.org{query}");
        assert_eq!(found(&mut desk, &target, "results"), expected, "{query}");
        let (_, body) = desk.get(&format!("{target}&page[size]=2"));
        let next = body["links"]["next"].as_str().unwrap().trim_start_matches("https://desk.example").to_owned();
        assert_eq!(
            (ids(&body, "results"), found(&mut desk, &next, "results")),
            (expected[..2].into(), expected[2..].into())
        );
    }
}

#[test]
fn an_export_goes_on_by_cursor_and_needs_a_type() {
    let mut desk = desk();
    let all: Vec<_> = (0..3).map(|number| create(&mut desk, &user_named(number))).collect();
    desk.wait(Nanos::secs(2));
    let (status, body) = desk.get("/api/v2/search/export.json?query=x.org&filter%5Btype%5D=user&page[size]=2");
    assert_eq!((status, ids(&body, "results"), &body["meta"]["has_more"]), (200, all[..2].to_vec(), &json!(true)));
    assert_eq!(body["results"][0]["result_type"], "user");
    let next = body["links"]["next"].as_str().unwrap().trim_start_matches("https://desk.example").to_owned();
    assert_eq!(found(&mut desk, &next, "results"), all[2..]);
    assert_eq!(found(&mut desk, "/api/v2/search/export?query=x.org&filter[type]=group", "results"), [0; 0]);
    for query in ["query=x.org", "query=x.org&filter[type]=ticket", "filter[type]=user"] {
        assert_eq!(desk.get(&format!("/api/v2/search/export?{query}")).0, 400, "{query}");
    }
    desk.wait(Nanos::secs(60));
    for _ in 0..100 {
        assert_eq!(desk.get(&next).0, 200);
    }
    assert_eq!(desk.get(&next).0, 429);
}
