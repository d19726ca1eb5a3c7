//! How `GetOnDuty` is answered: what was told of a duty is kept as the bytes that are sent, until it changes.
//!
//! This is what is asked most often, by everything that shows who is on duty; the message itself would be copied and
//! written again for each caller.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::BufMut as _;
use prost::Message as _;
use tonic::body::Body;
use tonic::codec::{Codec, EncodeBuf, Encoder};
use tonic::codegen::{BoxFuture, Service, http};
use tonic::server::{Grpc, NamedService, UnaryService};
use tonic::{Request, Response, Status};
use tonic_prost::{ProstCodec, ProstDecoder};

use super::OnDuty;
use super::attend::Attend as _;
use super::status::to_status;
use crate::proto::v1;
use crate::proto::v1::on_duty_service_server::{OnDutyServiceServer, SERVICE_NAME};
use crate::roster::Refusal;

/// The path of the call.
const PATH: &str = "/onduty.v1.OnDutyService/GetOnDuty";

/// What is told of one duty, as its part of the answer.
#[derive(Debug)]
pub(super) struct Told(Vec<u8>);

impl Told {
    /// Returns what `duty` says, as bytes.
    pub(super) fn of(duty: v1::OnDuty) -> Self {
        Self(v1::GetOnDutyResponse { duties: vec![duty], ..Default::default() }.encode_to_vec())
    }
}

/// An answer: what is told of the duties, and what is said of the call.
#[derive(Debug)]
pub(super) struct Answer {
    /// Of each duty, in order.
    pub(super) told: Vec<Arc<Told>>,
    /// The rest of it, without any duty.
    pub(super) rest: v1::GetOnDutyResponse,
}

impl Answer {
    /// Returns the answer as a message.
    ///
    /// # Errors
    ///
    /// [`Refusal::BrokenOff`], where its bytes are none.
    pub(super) fn message(self) -> Result<v1::GetOnDutyResponse, Refusal> {
        let mut answer = self.rest;
        for told in self.told {
            answer.merge(told.0.as_slice()).map_err(|_| Refusal::BrokenOff)?;
        }
        Ok(answer)
    }
}

/// Writes answers and reads requests.
#[derive(Clone, Copy, Debug, Default)]
struct AnswerCodec;

impl Codec for AnswerCodec {
    type Encode = Answer;
    type Decode = v1::GetOnDutyRequest;
    type Encoder = Self;
    type Decoder = ProstDecoder<v1::GetOnDutyRequest>;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<v1::GetOnDutyResponse, v1::GetOnDutyRequest>::default().decoder()
    }
}

impl Encoder for AnswerCodec {
    type Item = Answer;
    type Error = Status;

    fn encode(&mut self, answer: Answer, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        let told: usize = answer.told.iter().map(|told| told.0.len()).sum();
        buffer.reserve(told + answer.rest.encoded_len());
        answer.told.iter().for_each(|told| buffer.put_slice(&told.0));
        answer.rest.encode(buffer).map_err(|error| Status::internal(error.to_string()))
    }
}

/// `OnDutyService` as it is served.
#[derive(Clone)]
pub struct OnDutyServer {
    on_duty: OnDuty,
    others: OnDutyServiceServer<OnDuty>,
}

impl OnDutyServer {
    /// Returns the server of `on_duty`.
    #[must_use]
    pub fn new(on_duty: OnDuty) -> Self {
        Self { others: OnDutyServiceServer::new(on_duty.clone()), on_duty }
    }
}

impl NamedService for OnDutyServer {
    const NAME: &'static str = SERVICE_NAME;
}

impl Service<http::Request<Body>> for OnDutyServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        if request.uri().path() != PATH {
            return self.others.call(request);
        }
        let method = GetOnDuty { on_duty: self.on_duty.clone() };
        Box::pin(async move { Ok(Grpc::new(AnswerCodec).unary(method, request).await) })
    }
}

struct GetOnDuty {
    on_duty: OnDuty,
}

impl UnaryService<v1::GetOnDutyRequest> for GetOnDuty {
    type Response = Answer;
    type Future = std::future::Ready<Result<Response<Answer>, Status>>;

    fn call(&mut self, asked: Request<v1::GetOnDutyRequest>) -> Self::Future {
        let here = self.on_duty.attending(&asked);
        std::future::ready(here.get(asked.get_ref()).map(Response::new).map_err(to_status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_parts_is_the_whole_message() {
        let duty = |name: &str| v1::OnDuty { duty: name.to_owned(), required: 2, ..Default::default() };
        let rest = v1::GetOnDutyResponse {
            time: Some(pbjson_types::Timestamp { seconds: 7, nanos: 0 }),
            ..Default::default()
        };
        let duties: Vec<v1::OnDuty> = ["teams/psf/duties/b", "teams/psf/duties/a"].map(duty).into();
        let told = duties.iter().cloned().map(|duty| Arc::new(Told::of(duty))).collect();
        let whole = v1::GetOnDutyResponse { duties, ..rest.clone() };
        assert_eq!(Answer { told, rest }.message().unwrap(), whole);
    }
}
