//! Documented bodies of frameworks and what is read out of them.

use super::*;

macro_rules! sample {
    ($name:literal) => {
        include_str!(concat!(
            "../../../../assets/samples/problems/",
            $name,
            ".json"
        ))
    };
}

fn read(body: &str) -> Vec<String> {
    let json: Value = serde_json::from_str(body).unwrap();
    let found = SHAPES.iter().map(|read| read(&json));
    let found = found.into_iter().find(|found| !found.is_empty());
    let show = |it: FieldProblem| format!("{:?} {}: {}", it.place, it.name(), it.message);
    found.unwrap_or_default().into_iter().map(show).collect()
}

/// Whose body it is, the body, what is read out of it.
const BODIES: &[(&str, &str, &[&str])] = &[
    (
        "Rails",
        sample!("rails"),
        &[
            "Body username: can't be blank",
            "Body username: is too short (minimum is 3 characters)",
            "Body email: is invalid",
        ],
    ),
    (
        "Laravel",
        sample!("laravel"),
        &[
            "Body username: The username field is required.",
            "Body email: The email field must be a valid email address.",
        ],
    ),
    (
        "Django REST framework",
        sample!("django"),
        &[
            "Body username: This field is required.",
            "Body email: Enter a valid email address.",
        ],
    ),
    (
        "FastAPI",
        sample!("fastapi"),
        &[
            "Body username: Field required",
            "Body email: value is not a valid email address: An email address must have an @-sign.",
        ],
    ),
    (
        "Spring",
        sample!("spring"),
        &[
            "Body username: must not be blank",
            "Body email: must be a well-formed email address",
        ],
    ),
    (
        "ASP.NET",
        sample!("aspnet"),
        &[
            "Body Username: The Username field is required.",
            "Body Email: The Email field is not a valid e-mail address.",
        ],
    ),
    (
        "express-validator",
        sample!("express"),
        &[
            "Body username: Invalid value",
            "Body email: Not a valid e-mail address",
        ],
    ),
    (
        "JSON:API",
        sample!("jsonapi"),
        &[
            "Body data.attributes.username: Username must contain at least two characters.",
            "Body data.attributes.email: Email must hold an @.",
        ],
    ),
    (
        "RFC 9457, Section 3",
        sample!("rfc9457"),
        &[
            "Body username: must not be empty",
            "Body email: must be an e-mail address",
        ],
    ),
    (
        "FastAPI, query",
        r#"{"detail":[{"loc":["query","page"],"msg":"Input should be a valid integer","type":"int_parsing"}]}"#,
        &["Query page: Input should be a valid integer"],
    ),
    (
        "express-validator, header",
        r#"{"errors":[{"type":"field","msg":"Invalid value","path":"x-token","location":"headers"}]}"#,
        &["Header x-token: Invalid value"],
    ),
    (
        "JSON:API, query",
        r#"{"errors":[{"source":{"parameter":"include"},"title":"Invalid Query Parameter"}]}"#,
        &["Query include: Invalid Query Parameter"],
    ),
    (
        "Jakarta Bean Validation, as Quarkus and Zalando write it",
        r#"{"title":"Constraint Violation","status":400,"violations":[{"field":"create.user.email","message":"must not be blank"}]}"#,
        &["Body create.user.email: must not be blank"],
    ),
    (
        "Symfony",
        r#"{"type":"x","title":"An error occurred","violations":[{"propertyPath":"email","message":"This value should not be blank."}]}"#,
        &["Body email: This value should not be blank."],
    ),
    (
        "RFC 7807, Section 3",
        r#"{"type":"x","title":"Your request parameters didn't validate.","invalid-params":[{"name":"age","reason":"must be a positive integer"}]}"#,
        &["Body age: must be a positive integer"],
    ),
    (
        "Zod",
        r#"{"issues":[{"code":"invalid_type","path":["user","email"],"message":"Required"}]}"#,
        &["Body user.email: Required"],
    ),
    (
        "Zod, flattened",
        r#"{"error":{"formErrors":[],"fieldErrors":{"email":["Required"]}}}"#,
        &["Body email: Required"],
    ),
    (
        "Google",
        r#"{"error":{"code":400,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"user.email","description":"is wrong"}]}]}}"#,
        &["Body user.email: is wrong"],
    ),
    (
        "Stripe",
        r#"{"error":{"code":"parameter_missing","message":"Missing required param: amount.","param":"amount","type":"invalid_request_error"}}"#,
        &["Body amount: Missing required param: amount."],
    ),
    (
        "GitHub",
        r#"{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}"#,
        &["Body title: missing_field"],
    ),
    (
        "Mongoose",
        r#"{"errors":{"email":{"name":"ValidatorError","message":"Path `email` is required.","kind":"required","path":"email"}},"_message":"User validation failed"}"#,
        &["Body email: Path `email` is required."],
    ),
    (
        "Django REST framework, nested",
        r#"{"profile":{"age":["A valid integer is required."]},"tags":[{},{"name":["Too long."]}]}"#,
        &[
            "Body profile.age: A valid integer is required.",
            "Body tags.1.name: Too long.",
        ],
    ),
    (
        "System.Text.Json of ASP.NET",
        r#"{"errors":{"$.age":["The JSON value could not be converted to System.Int32."]}}"#,
        &["Body age: The JSON value could not be converted to System.Int32."],
    ),
];

#[test]
fn each_framework_is_understood() {
    for (name, body, expected) in BODIES {
        assert_eq!(read(body), *expected, "{name}");
    }
}

#[test]
fn what_is_no_complaint_is_left_alone() {
    for body in [
        r#"{"detail":"Not found."}"#,
        r#"{"message":"no","code":7}"#,
        r#"{"errors":["one","two"]}"#,
        r#"{"errors":null}"#,
        r#"{"error":{"message":"no","type":"x"}}"#,
        r#"[{"a":1}]"#,
        "[]",
        "{}",
        "7",
        r#"{"error":"invalid_grant","error_description":"x"}"#,
    ] {
        assert_eq!(read(body), Vec::<String>::new(), "{body}");
    }
}
