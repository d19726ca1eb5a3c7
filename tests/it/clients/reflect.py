"""Calls the server with messages built from what its reflection tells, and prints what it learns.

Usage: reflect.py HOST:PORT TOKEN
"""

import sys

import grpc
from google.protobuf import descriptor_pool, json_format, message_factory
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status

SECONDS = 60

ROSTER = """\
team = "psf"
display_name = "Python developers in residence"
zone = "Europe/Warsow"
since = 2023-01-02

[[duty]]
id = "review"
titel = "Pull requests and issues"
"""


class Api:
    """The services of one server, as its reflection describes them."""

    def __init__(self, channel, token):
        """Read nothing yet: descriptors are fetched when they are needed."""
        self.channel = channel
        self.metadata = [("authorization", f"Bearer {token}")]
        self.database = ProtoReflectionDescriptorDatabase(channel)
        self.pool = descriptor_pool.DescriptorPool(self.database)

    def services(self):
        """Name every service."""
        return sorted(self.database.get_services())

    def call(self, service, method, **fields):
        """Call a unary method; fields are those of its request, in their JSON form."""
        described = self.pool.FindServiceByName(service).FindMethodByName(method)
        request_type = message_factory.GetMessageClass(described.input_type)
        response_type = message_factory.GetMessageClass(described.output_type)
        call = self.channel.unary_unary(
            f"/{service}/{method}",
            request_serializer=request_type.SerializeToString,
            response_deserializer=response_type.FromString,
        )
        request = json_format.ParseDict(fields, request_type(), descriptor_pool=self.pool)
        answer = call(request, timeout=SECONDS, metadata=self.metadata)
        return json_format.MessageToDict(answer, descriptor_pool=self.pool)


def say_who(api):
    """Print who is on duty."""
    answer = api.call("onduty.v1.OnDutyService", "GetOnDuty", parent="teams/psf")
    print("on duty at", answer["time"])
    for duty in answer["duties"]:
        people = ", ".join(person["displayName"] for person in duty.get("people", []))
        print(f"  {duty['duty']}: {people or 'nobody'}")


def say_gaps(api):
    """Print the gaps of a fortnight."""
    interval = {"startTime": "2026-11-23T13:05:00Z", "endTime": "2026-12-07T13:05:00Z"}
    answer = api.call("onduty.v1.OnDutyService", "ListGaps", parent="teams/psf", interval=interval)
    print(len(answer["gaps"]), "gaps, the first:")
    first = answer["gaps"][0]
    print(f"  {first['duty']} {first['interval']['startTime']} {first['interval']['endTime']}")


def say_mistakes(api):
    """Print what the server has against a roster file with mistakes in it."""
    try:
        api.call("onduty.v1.RosterService", "ApplyRoster", rosterToml=ROSTER, validateOnly=True)
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        print("refused:", error.code().name)
        for detail in status.details:
            for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest):
                if detail.Is(kind.DESCRIPTOR):
                    message = kind()
                    detail.Unpack(message)
                    say_detail(message)


def say_detail(message):
    """Print a detail of a refusal."""
    if isinstance(message, error_details_pb2.ErrorInfo):
        print(f"  {message.domain} {message.reason}")
        return
    for violation in message.field_violations:
        print(f"  {violation.field}: {violation.description}")


def main():
    """Call the server that the command line names."""
    with grpc.insecure_channel(sys.argv[1]) as channel:
        health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        print("health:", health_pb2.HealthCheckResponse.ServingStatus.Name(health.status))
        api = Api(channel, sys.argv[2])
        for service in api.services():
            print("service:", service)
        say_who(api)
        say_gaps(api)
        say_mistakes(api)


if __name__ == "__main__":
    main()
