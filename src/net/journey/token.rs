//! A token for a request: the kept one, or a new one by hops of its own, which are shown like any other.

use crate::{
    auth::oauth::{self, Grant, Settings, Token},
    model::{Purpose, Request, Response, Transport},
    net::{
        Progress,
        client::{self, Shared},
        consent::Consent,
        failure::Trouble,
        outgoing::Outgoing,
        random::random_text,
    },
    prepare::prepare,
};

use super::{Journey, ask};

/// How much of a token server's answer is read, in bytes.
const MAX_ANSWER: usize = 1024 * 1024;

impl Journey {
    /// The token, and whether it is one that was kept.
    pub(super) async fn token(
        &mut self,
        shared: &Shared,
        settings: &Settings,
    ) -> Result<(Token, bool), Trouble> {
        let key = settings.key();
        if let Some(token) = shared.tokens.find(&key) {
            return Ok((token, true));
        }
        let token = match shared.tokens.refresh_token(&key) {
            Some(refresh_token) => {
                let request = settings.refresh_request(&refresh_token);
                match self.ask_for_token(shared, &request).await {
                    // What could be renewed no more is asked for from the start.
                    Err(Trouble::Token { .. }) => {
                        shared.tokens.forget(&key);
                        self.new_token(shared, settings).await?
                    }
                    renewed => renewed?,
                }
            }
            None => self.new_token(shared, settings).await?,
        };
        shared.tokens.keep(key, token.clone());
        Ok((token, false))
    }

    async fn new_token(&mut self, shared: &Shared, settings: &Settings) -> Result<Token, Trouble> {
        let request = if settings.grant == Grant::AuthorizationCode {
            self.log_in(settings).await?
        } else {
            settings.token_request()
        };
        self.ask_for_token(shared, &request).await
    }

    /// Sends the user to the browser and waits for the code that comes back: RFC 8252, Section 7.3.
    async fn log_in(&mut self, settings: &Settings) -> Result<Request, Trouble> {
        let consent = Consent::open(settings.port)
            .await
            .map_err(Trouble::NoCallback)?;
        let (state, verifier) = (random_text()?, random_text()?);
        let redirect_uri = consent.redirect_uri();
        let url = settings
            .login_url(redirect_uri, &state, &verifier)
            .ok_or(Trouble::NoLogin)?;
        // Nobody listens any more when the send has ended.
        let _ = self.reports.send(Progress::Consent { url: url.into() });
        let code = consent
            .code(&state)
            .await
            .map_err(|source| Trouble::Token {
                url: settings.authorize_url.clone(),
                source,
            })?;
        Ok(settings.code_request(&code, redirect_uri, &verifier))
    }

    async fn ask_for_token(
        &mut self,
        shared: &Shared,
        request: &Request,
    ) -> Result<Token, Trouble> {
        let prepared = prepare(request).map_err(|error| Trouble::NoTokenRequest {
            reason: error.reason,
        })?;
        let outgoing = Outgoing {
            purpose: Purpose::Token,
            ..Outgoing::first(&prepared)?
        };
        let url = prepared.url;
        let response =
            self.exchange(shared, &outgoing)
                .await
                .map_err(|source| Trouble::TokenServer {
                    url: url.clone(),
                    source: Box::new(source),
                })?;
        oauth::read_token(&response).map_err(|source| Trouble::Token { url, source })
    }

    /// One hop whose answer is for posttui itself.
    async fn exchange(
        &mut self,
        shared: &Shared,
        outgoing: &Outgoing,
    ) -> Result<Response, Trouble> {
        // The socket leads to the server of the request, and to no other.
        let transport = Transport {
            unix_socket: String::new(),
            ..self.options.transport.clone()
        };
        self.way = shared.way(&outgoing.url, &transport);
        let on_wire = shared.to_proxy(outgoing, &transport);
        let tracker = self.begin_hop(&on_wire);
        let response = ask(shared, (&self.way, &transport), &on_wire, &tracker).await?;
        self.take_head(&response);
        // What it says is secret: it stays in memory and is shown to nobody.
        let settings = client::Settings {
            max_body: MAX_ANSWER,
            in_memory: MAX_ANSWER,
            tells_arriving: false,
            ..client::Settings::default()
        };
        self.receive(response, &settings).await?;
        if let Some(hop) = self.hops.last_mut() {
            hop.duration = self.hop_started.elapsed();
        }
        self.incoming
            .take()
            .map(crate::net::incoming::Incoming::into_response)
            .ok_or(Trouble::NoTokenRequest {
                reason: "no answer was taken".to_owned(),
            })
    }
}
