//! Which proxy a draft goes by way of, as far as it matters for what is written.

use url::Url;

use crate::{
    app::{effect::Effect, message::JobId},
    model::{PreparedRequest, ProxyUsed, Transport},
};

/// What is known of the way to a server: who answers for it is asked once for each origin and each options.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Route {
    asked: Option<(String, Transport)>,
    job: JobId,
    pub(super) proxy: Option<ProxyUsed>,
}

impl Route {
    /// Asks about the way of a request, unless that was done already. Only plain HTTP is written otherwise for a
    /// proxy.
    pub(super) fn ask(&mut self, prepared: &PreparedRequest, jobs: &mut JobId) -> Option<Effect> {
        let way = &prepared.options.transport;
        let url = Url::parse(&prepared.url).ok();
        let url = url.filter(|url| url.scheme() == "http" && way.unix_socket.is_empty());
        let about = url.map(|url| (url.origin().ascii_serialization(), way.clone()));
        if about == self.asked {
            return None;
        }
        (self.asked, self.proxy) = (about, None);
        jobs.0 += 1;
        self.job = *jobs;
        let (url, way) = self.asked.clone()?;
        Some(Effect::FindProxy {
            job: self.job,
            url,
            way: Box::new(way),
        })
    }

    /// Takes what was found out; not where it goes elsewhere by now.
    pub(super) fn found(&mut self, job: JobId, proxy: Option<ProxyUsed>) {
        if job == self.job {
            self.proxy = proxy;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{ProxySource, Request},
        prepare::prepare,
    };

    #[test]
    fn each_origin_is_asked_about_once_and_late_answers_are_dropped() {
        let to = |url: &str| {
            let url = url.to_owned();
            prepare(&Request {
                url,
                ..Request::default()
            })
            .unwrap()
        };
        let proxy = Some(ProxyUsed {
            address: "http://proxy:3128".to_owned(),
            named_by: ProxySource::Environment("HTTP_PROXY".to_owned()),
            has_credentials: false,
        });
        let (mut route, mut jobs) = (Route::default(), JobId::default());
        assert!(route.ask(&to("http://a/x"), &mut jobs).is_some());
        assert_eq!(route.ask(&to("http://a/y?z"), &mut jobs), None);
        let late = jobs;
        assert!(route.ask(&to("http://b/"), &mut jobs).is_some());
        route.found(late, proxy.clone());
        assert_eq!(route.proxy, None);
        route.found(jobs, proxy.clone());
        assert_eq!(route.proxy, proxy);
        assert_eq!(route.ask(&to("https://b/"), &mut jobs), None);
        assert_eq!(route.proxy, None);
    }
}
