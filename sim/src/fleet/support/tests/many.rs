//! What the help desk does for many users at once, how its jobs are told of, and what it counts.

use super::*;
use crate::fleet::JobCourse;

const MANY: &str = r#"{"users":[{"name":"One","email":"one@x.org"},{"name":"Ann","email":"ann@x.org"},{"name":""}]}"#;

/// Starts a job and waits until it is over: how it stands then.
fn over(desk: &mut Caller<Support>, method: Method, target: &str, body: &str) -> Value {
    let response = desk.send(method, &format!("/api/v2/users/{target}"), body);
    assert_eq!(response.status, 200, "{target}");
    let started: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!((&started["job_status"]["status"], &started["job_status"]["results"]), (&json!("queued"), &Value::Null));
    desk.wait(Nanos::secs(2));
    let id = started["job_status"]["id"].as_str().unwrap();
    let (status, mut body) = desk.get(&format!("/api/v2/job_statuses/{id}.json"));
    assert_eq!(status, 200);
    body["job_status"].take()
}

fn statuses(job: &Value) -> Vec<&str> {
    job["results"].as_array().unwrap().iter().map(|result| result["status"].as_str().unwrap()).collect()
}

fn names(desk: &Caller<Support>) -> Vec<String> {
    desk.model.records().into_iter().map(|record| record.given_name).collect()
}

#[test]
fn many_users_are_created_each_or_not_as_one_would_be() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let job = over(&mut desk, Method::Post, "create_many.json", MANY);
    assert_eq!((&job["job_type"], &job["status"]), (&json!("Bulk Create User"), &json!("completed")));
    assert_eq!(statuses(&job), ["Created", "Failed", "Failed"]);
    assert_eq!((&job["results"][0]["id"], &job["results"][0]["index"]), (&json!(ann + 1), &json!(0)));
    assert_eq!(names(&desk), ["Ann Lee", "One"]);
}

#[test]
fn many_users_are_created_or_updated_by_what_names_them() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let job = over(&mut desk, Method::Post, "create_or_update_many", MANY);
    assert_eq!(statuses(&job), ["Created", "Updated", "Failed"]);
    assert_eq!(job["results"][1]["id"], json!(ann));
    assert_eq!(names(&desk), ["Ann", "One"]);
}

#[test]
fn many_users_are_updated_alike_or_each_in_its_own_way() {
    let mut desk = desk();
    let ids = [1, 2].map(|number| create(&mut desk, &user_named(number)));
    let target = format!("update_many?ids={},{},9", ids[0], ids[1]);
    let job = over(&mut desk, Method::Put, &target, r#"{"user":{"tags":["vip"]}}"#);
    assert_eq!(statuses(&job), ["Updated", "Updated", "Failed"]);
    let body = json!({"users": [{"id": ids[0], "name": "New"}, {"id": ids[1].to_string(), "phone": "+4912345"}]});
    let job = over(&mut desk, Method::Put, "update_many.json", &body.to_string());
    assert_eq!(statuses(&job), ["Updated", "Updated"]);
    assert_eq!(names(&desk), ["New", "User 2"]);
    assert_eq!(desk.get(&of(ids[1], "")).1["user"]["tags"], json!(["vip"]));
}

#[test]
fn many_users_are_named_by_their_external_ids() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let bob = create(&mut desk, r#"{"user":{"name":"Bob","external_id":77}}"#);
    let job = over(&mut desk, Method::Put, "update_many?external_ids=c001/S1,9,77", r#"{"user":{"tags":"vip"}}"#);
    assert_eq!(statuses(&job), ["Updated", "Failed", "Updated"]);
    assert_eq!((&job["results"][0]["id"], &job["results"][2]["id"]), (&json!(ann), &json!(bob)));
    let body = json!({"users": [{"external_id": 77, "name": "Rob"}, {"external_id": "9", "name": "?"}]});
    let job = over(&mut desk, Method::Put, "update_many.json", &body.to_string());
    assert_eq!(statuses(&job), ["Updated", "Failed"]);
    assert_eq!(names(&desk), ["Ann Lee", "Rob"]);
    let job = over(&mut desk, Method::Delete, "destroy_many.json?external_ids=77", "");
    assert_eq!((statuses(&job), &job["results"][0]["id"]), (vec!["Deleted"], &json!(bob)));
    assert_eq!(desk.get(&of(bob, "")).1["user"]["active"], false);
}

#[test]
fn many_users_are_deleted_softly_but_not_those_with_tickets() {
    let mut desk = desk();
    let ann = create(&mut desk, ANN);
    let bob = desk.model.control(Instant::ZERO, &seed(1)).unwrap();
    let job = over(&mut desk, Method::Delete, &format!("destroy_many.json?ids={ann}%2C{bob}"), "");
    assert_eq!(statuses(&job), ["Deleted", "Failed"]);
    let conditions: Vec<_> = desk.model.records().into_iter().map(|record| record.condition).collect();
    assert_eq!(conditions, [Condition::SoftDeleted, Condition::Live]);
}

#[test]
fn a_job_that_fails_half_way_has_created_half() {
    let mut desk = desk();
    desk.model.control(desk.now, &Control::NextJob(JobCourse::FailsHalf));
    let body = json!({"users": [{"name": "One"}, {"name": "Two"}, {"name": "Three"}]});
    let job = over(&mut desk, Method::Post, "create_many", &body.to_string());
    assert_eq!((&job["status"], &job["progress"], &job["total"]), (&json!("failed"), &json!(1), &json!(3)));
    assert_eq!(names(&desk), ["One"]);
}

#[test]
fn what_names_nobody_or_too_many_is_refused() {
    let mut desk = desk();
    let hundred: Vec<_> = (0..101).map(|number| json!({"name": format!("U{number}")})).collect();
    for body in ["", "{}", r#"{"users":[]}"#, r#"{"users":7}"#, &json!({"users": hundred}).to_string()] {
        assert_eq!(desk.post("/api/v2/users/create_many.json", body).0, 400, "{body}");
    }
    assert_eq!(desk.put("/api/v2/users/update_many", r#"{"users":[{"name":"A"}]}"#).0, 400);
    assert_eq!(desk.put("/api/v2/users/update_many?ids=x", r#"{"user":{}}"#).0, 400);
    assert_eq!(desk.delete("/api/v2/users/destroy_many").0, 400);
}

#[test]
fn no_more_than_thirty_jobs_run_at_once() {
    let mut desk = desk();
    for _ in 0..30 {
        assert_eq!(desk.post("/api/v2/users/create_many", MANY).0, 200);
    }
    let response = desk.send(Method::Post, "/api/v2/users/create_many", MANY);
    assert_eq!((response.status, response.headers.get("retry-after")), (429, Some("10")));
    desk.wait(Nanos::secs(2));
    assert_eq!(desk.post("/api/v2/users/create_many", MANY).0, 200);
}

#[test]
fn jobs_and_tickets_are_listed_and_counted() {
    let mut desk = desk();
    let bob = desk.model.control(Instant::ZERO, &seed(3)).unwrap();
    let (_, first) = desk.post("/api/v2/users/create_many", MANY);
    desk.post("/api/v2/users/create_many", MANY);
    let (_, jobs) = desk.get("/api/v2/job_statuses.json");
    assert_eq!((jobs["job_statuses"].as_array().unwrap().len(), &jobs["count"]), (2, &json!(2)));
    let id = first["job_status"]["id"].as_str().unwrap();
    let (_, one) = desk.get(&format!("/api/v2/job_statuses/show_many.json?ids={id}"));
    let mut running = first["job_status"].clone();
    running["status"] = json!("working");
    assert_eq!(one["job_statuses"], json!([running]));
    let url = format!("https://desk.example/api/v2/job_statuses/{id}.json");
    assert_eq!(first["job_status"]["url"], url);
    assert_eq!(ids(&desk.get("/api/v2/tickets.json?page[size]=2").1, "tickets"), [35_436_001, 35_436_002]);
    assert_eq!(
        ids(&desk.get("/api/v2/tickets/show_many.json?ids=35436003,35436001").1, "tickets"),
        [35_436_001, 35_436_003]
    );
    assert_eq!(desk.get("/api/v2/tickets/show_many").0, 400);
    assert_eq!(desk.get("/api/v2/tickets/count.json").1["count"]["value"], json!(3));
    assert_eq!(desk.get("/api/v2/users/count").1["count"]["value"], json!(1));
    assert_eq!(desk.get("/api/v2/users/me.json").1["user"]["role"], json!("admin"));
    assert_ne!(desk.get("/api/v2/users/me.json").1["user"]["id"].to_string(), bob);
}

#[test]
fn a_login_is_read_changed_and_verified() {
    let mut desk = desk();
    let ann = create(&mut desk, r#"{"user":{"name":"Ann","email":"ann@x.org"}}"#);
    create(&mut desk, r#"{"user":{"name":"Bob","email":"bob@x.org"}}"#);
    let login = of(ann, "/identities/380000000001");
    assert_eq!(desk.get(&format!("{login}.json")).1["identity"]["value"], json!("ann@x.org"));
    assert_eq!(desk.put(&format!("{login}/request_verification.json"), "").1, json!({}));
    let (status, body) = desk.put(&format!("{login}/verify"), "");
    assert_eq!((status, &body["identity"]["verified"]), (200, &json!(true)));
    let (status, body) = desk.put(&login, r#"{"identity":{"value":"New@x.org"}}"#);
    assert_eq!(
        (status, &body["identity"]["value"], &body["identity"]["primary"]),
        (200, &json!("new@x.org"), &json!(true))
    );
    assert_eq!(desk.put(&login, r#"{"identity":{"value":"bob@x.org"}}"#).0, 422);
    assert_eq!(desk.put(&login, "[]").0, 400);
    let missing = of(ann, "/identities/380000000009");
    assert_eq!((desk.get(&missing).0, desk.put(&missing, r#"{"identity":{}}"#).0), (404, 404));
    assert_eq!(desk.put(&format!("{missing}/request_verification"), "").0, 404);
    assert_eq!(desk.route(Method::Put, &format!("{login}/verify"), ""), ("verify-identity", Subject::of(b"ann@x.org")));
}
