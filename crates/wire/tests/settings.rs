//! A site's settings: what is out of bounds is named.

use deskbell_wire::site::Flaw;
use deskbell_wire::*;

fn flaw(change: impl FnOnce(&mut SiteSettings)) -> Option<&'static str> {
    let mut settings = SiteSettings::default();
    change(&mut settings);
    settings.flaw().map(|Flaw(path)| path)
}

fn group(id: u32, name: &str) -> Group {
    Group { id: GroupId(id), name: name.into() }
}

fn mail() -> MailSettings {
    MailSettings {
        host: "mail.example".into(),
        port: 587,
        security: MailSecurity::StartTls,
        login: String::new(),
        password: Some("secret".into()),
        ca_file: String::new(),
        from: "desk@mail.example".into(),
        from_name: String::new(),
    }
}

#[test]
fn what_is_out_of_bounds_is_named() {
    assert_eq!(flaw(|_| ()), None);
    assert_eq!(flaw(|s| s.form.title = "x".repeat(201)), Some("form.title"));
    assert_eq!(flaw(|s| s.form.title = "a\nb".into()), Some("form.title"));
    for (color, bad) in [("#1F4B43", false), ("", false), ("#12", true), ("red", true), ("#1F4B4x", true)] {
        assert_eq!(flaw(|s| s.form.banner_color = color.into()).is_some(), bad, "{color}");
    }
    assert_eq!(flaw(|s| s.form.groups = vec![group(1, "a"), group(1, "b")]), Some("form.groups"));
    assert_eq!(flaw(|s| s.form.groups = vec![group(0, "a"), group(0, "b")]), None, "two new ones");
    assert_eq!(flaw(|s| s.form.groups = vec![group(1, " ")]), Some("form.groups"));
    let twice = Field { name: FieldName::Email, title: String::new(), is_required: true };
    assert_eq!(flaw(|s| s.form.fields = vec![twice.clone(), twice.clone()]), Some("form.fields"));
    assert_eq!(
        flaw(|s| s.form.retention.messages = vec![RetentionMessage { after_s: 5, text: " ".into() }]),
        Some("form.retention")
    );
    let consent = |version, url: &str| Consent { version, text: "x".into(), url: url.into() };
    assert_eq!(flaw(|s| s.form.consent = Some(consent(0, ""))), Some("form.consent"));
    assert_eq!(
        flaw(|s| s.form.consent = Some(consent(1, "javascript:x"))),
        Some("form.consent"),
        "threats 28"
    );
    assert_eq!(flaw(|s| s.form.consent = Some(consent(1, "https://a.example/terms"))), None);
    assert_eq!(flaw(|s| s.mail = Some(mail())), None);
    assert_eq!(flaw(|s| s.mail = Some(with(|m| m.from = "desk".into()))), Some("mail.from"));
    assert_eq!(flaw(|s| s.mail = Some(with(|m| m.port = 0))), Some("mail.host"));
}

fn with(change: impl FnOnce(&mut MailSettings)) -> MailSettings {
    let mut mail = mail();
    change(&mut mail);
    mail
}

#[test]
fn threats_9_no_password_in_debug() {
    assert!(
        !format!("{:?}", SiteSettings { mail: Some(mail()), ..SiteSettings::default() }).contains("secret")
    );
}
