//! The yardstick of calls: a method that answers with bytes that are there already, and a page that does.

use std::convert::Infallible;
use std::task::{Context, Poll};

use axum::http::{StatusCode, header};
use axum::routing::get;
use bytes::{Buf, BufMut as _, Bytes};
use onduty::access::Need;
use onduty::server::{Pages, Services};
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::server::NamedService;
use tonic::{Request, Response, Status};

/// The method's path; its request is empty or the number of bytes to answer with.
pub const PATH: &str = "/bench.Prebuilt/Get";
/// The path of the page that has not changed.
pub const PAGE: &str = "/bench/unchanged";

type Asked = axum::http::Request<Body>;
type Answered = axum::http::Response<Body>;

/// The most bytes that it answers with.
const BYTES_MAX: usize = 1 << 16;

/// Adds the method to a server's, behind the same layers.
pub fn add(services: &mut Services) {
    services.add_with(Prebuilt { bytes: Bytes::from(vec![0; BYTES_MAX]) }, &["Get"], Need::Anyone);
}

/// The page.
pub fn pages() -> Pages {
    let tag = [(header::ETAG, "\"0123456789abcdef0123456789abcdef\""), (header::CACHE_CONTROL, "private, max-age=300")];
    Pages::default().page(PAGE, Need::Anyone, get(move || async move { (StatusCode::NOT_MODIFIED, tag) }))
}

#[derive(Clone)]
struct Prebuilt {
    bytes: Bytes,
}

impl NamedService for Prebuilt {
    const NAME: &'static str = "bench.Prebuilt";
}

impl tower::Service<Asked> for Prebuilt {
    type Response = Answered;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Answered, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Asked) -> Self::Future {
        let own = self.clone();
        Box::pin(async move { Ok(tonic::server::Grpc::new(Raw).unary(own, request).await) })
    }
}

impl tonic::server::UnaryService<Bytes> for Prebuilt {
    type Response = Bytes;
    type Future = std::future::Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let mut asked = request.into_inner();
        let length = if asked.len() == 4 { asked.get_u32() as usize } else { 0 };
        std::future::ready(Ok(Response::new(self.bytes.slice(..length.min(BYTES_MAX)))))
    }
}

/// Messages as the bytes that they are.
#[derive(Clone, Copy, Default)]
pub struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }
}
