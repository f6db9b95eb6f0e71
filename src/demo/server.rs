//! Accepts connections and takes them through their turns: a request, its route, its reply.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use super::{
    call::Call,
    reply::Reply,
    routes::{self, Found, Handler},
    users::Users,
    wire::{Next, Trouble, Wire},
};

/// How long accepting rests after an error: most often the process has no file descriptor left.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves until the task is aborted, which ends the connections with it.
pub async fn serve(listener: TcpListener) {
    let users = Arc::new(Users::default());
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, Arc::clone(&users)));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
        // Those that have ended are let go, so that the set does not grow.
        while connections.try_join_next().is_some() {}
    }
}

/// One connection from its first request to its end.
async fn converse(stream: TcpStream, users: Arc<Users>) {
    // Without it a byte that drips would wait for the next one. Where it is refused, it only waits.
    let _ = stream.set_nodelay(true);
    let mut wire = Wire::new(stream);
    loop {
        match turn(&mut wire, &users).await {
            Ok(Next::Again) => {}
            Ok(Next::Close) => return wire.close().await,
            Ok(Next::Reset) => return wire.reset(),
            Err(_) => return,
        }
    }
}

/// One request and its reply; what cannot be served is answered with the reason.
async fn turn(wire: &mut Wire, users: &Users) -> Result<Next, Trouble> {
    match answer(wire, users).await {
        Err(Trouble::Refused(refusal)) => wire.send(&Reply::from(refusal)).await,
        done => done,
    }
}

async fn answer(wire: &mut Wire, users: &Users) -> Result<Next, Trouble> {
    let Some(head) = wire.read_head().await? else {
        return Ok(Next::Close);
    };
    let (route, parameter) = match routes::find(&head.method, head.path()) {
        Found::Route(route, parameter) => (route, parameter),
        Found::OtherMethod(allowed) => {
            wire.skip_body().await?;
            return wire.send(&routes::method_not_allowed(&head, allowed)).await;
        }
        Found::Nothing => {
            wire.skip_body().await?;
            return wire.send(&routes::not_found(&head)).await;
        }
    };
    let mut call = Call {
        head: &head,
        parameter,
        body: Bytes::new(),
        users,
    };
    match route.handler {
        Handler::Reply(handle) => {
            call.body = wire.read_body().await?;
            wire.send(&handle(&call)).await
        }
        Handler::Write(handle) => {
            wire.skip_body().await?;
            handle(&call, wire).await
        }
        Handler::Stream(handle) => handle(&call, wire).await,
    }
}
