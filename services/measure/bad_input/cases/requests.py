"""HTTP requests that are wrong: each answered by a problem, or by what became of each event."""

from __future__ import annotations

from services.measure.bad_input.api import Answer
from services.measure.bad_input.bench import Bench
from services.measure.bad_input.case import Case, Lane, Seen
from services.measure.bad_input.plays import loss
from services.measure.bad_input.requests import EVENT, event, events, problem_faults, request, seen

GROUP = "HTTP requests"
_BASKET = "/v1/baskets/recommendations"
_EVENTS = "/v1/events"
_MIB = 1 << 20


def _raw(name: str, sent: bytes, status: int, says: str, shown: str) -> Case:
    """Bytes that are no good HTTP."""

    def play(bench: Bench) -> Seen:
        answer: Answer = bench.api.send_raw(sent)
        return seen(bench, answer, [*problem_faults(answer, status, says), *loss(bench, bench.api.folder)])

    return Case(GROUP, name, shown, play, Lane.REQUEST)


def _post(path: str, *lines: str, body: bytes = b"") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: x", "Authorization: Bearer the-key", *lines, "", ""]
    return "\r\n".join(head).encode() + body


def _get(name: str, path: str, status: int, says: str) -> Case:
    return request(GROUP, name, "GET", path, status=status, says=says)


def _basket(name: str, body: object, status: int, says: str, **headers: str) -> Case:
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return request(GROUP, name, "POST", _BASKET, status=status, says=says, body=body, headers=named)


CASES = [
    _get("unknown path", "/v1/user/u1", 404, "No such path"),
    _get("root", "/", 404, "No such path"),
    _get("path with a slash too many", "/v1/users/u1/recommendations/", 404, "No such path"),
    request(GROUP, "wrong method", "PUT", "/v1/users/u1/recommendations", status=405, says="method"),
    request(GROUP, "wrong method for events", "GET", _EVENTS, status=405, says="method"),
    request(
        GROUP,
        "no key",
        "GET",
        "/v1/users/u1/recommendations",
        status=401,
        says="Authorization: Bearer KEY",
        headers={"Authorization": ""},
    ),
    request(
        GROUP,
        "wrong key",
        "GET",
        "/v1/users/u1/recommendations",
        status=401,
        says="Authorization: Bearer KEY",
        headers={"Authorization": "Bearer nope"},
    ),
    request(
        GROUP,
        "no key for the metrics",
        "GET",
        "/metrics",
        status=401,
        says="Authorization: Bearer KEY",
        headers={"Authorization": ""},
    ),
    _get("k of 0", "/v1/users/u1/recommendations?k=0", 422, "k: Input should be greater than or equal to 1"),
    _get("k of 101", "/v1/items/i1/complements?k=101", 422, "k: Input should be less than or equal to 100"),
    _get("k is no number", "/v1/items/i1/substitutes?k=many", 422, "k: Input should be a valid integer"),
    _get("unknown item to complement", "/v1/items/i99/complements", 404, "no item 'i99'"),
    _get("unknown item to replace", "/v1/items/i%2F99/substitutes", 404, "no item 'i/99'"),
    _get("id that is not UTF-8", "/v1/items/%ff%fe/complements", 400, "not percent-encoded UTF-8"),
    _get("explanation without its ends", "/v1/explanations", 422, "from: Field required"),
    _get("explanation with an empty end", "/v1/explanations?from=&to=i1", 422, "from: String should have at least 1"),
    _get("explanation of an unknown item", "/v1/explanations?from=i1&to=i99", 404, "no item 'i99'"),
    _get("explanation of an unknown entity", "/v1/explanations?from=entity:tnt&to=i1", 404, "no entity 'tnt'"),
    _basket("body that is not JSON", b"{items: [i1]}", 400, "The body is not JSON"),
    _basket("body cut short", b'{"items": ["i1"', 400, "The body is not JSON"),
    _basket("empty body", b"", 400, "The body is not JSON"),
    _basket("body that is not UTF-8", b'{"items": ["\xff"]}', 400, "The body is not JSON"),
    _basket("half of a character", b'{"items": ["\\ud800"]}', 400, "The body is not JSON"),
    _basket("NaN", b'{"items": [], "k": NaN}', 400, "The body is not JSON"),
    _basket("nested a thousand deep", b'{"items": ' + b"[" * 1000 + b"]" * 1000 + b"}", 400, "The body is not JSON"),
    _basket(
        "wrong Content-Type", b"items=i1", 415, "application/json", Content_Type="application/x-www-form-urlencoded"
    ),
    _basket("no Content-Type", b'{"items": []}', 415, "application/json", Content_Type=""),
    _basket("compressed body", b"\x1f\x8b\x08", 415, "no Content-Encoding", Content_Encoding="gzip"),
    _basket("body of more than 1 MiB", b'{"items": ["' + b"x" * _MIB + b'"]}', 413, "longer than 1 MiB"),
    _basket("body that is no object", ["i1"], 422, "body: Input should be"),
    _basket("basket without items", {"k": 5}, 422, "items: Field required"),
    _basket("unknown key", {"items": [], "exlude": ["i1"]}, 422, "did you mean 'exclude'?"),
    _basket("items that are no list", {"items": "i1"}, 422, "items: Input should be a valid list"),
    _basket("ids that are numbers", {"items": [1]}, 422, "items.0: Input should be a valid string"),
    _basket("empty id", {"items": [""]}, 422, "items.0: String should have at least 1 character"),
    _basket("more items than a basket holds", {"items": ["i1"] * 1001}, 422, "at most 1000 items"),
    _basket(
        "k of a basket out of range", {"items": [], "k": 1000}, 422, "k: Input should be less than or equal to 100"
    ),
    request(GROUP, "no events", "POST", _EVENTS, status=422, says="events: Field required", body={}),
    request(
        GROUP, "events that are no list", "POST", _EVENTS, status=422, says="events: Input", body={"events": EVENT}
    ),
    request(
        GROUP,
        "more events than one call takes",
        "POST",
        _EVENTS,
        status=422,
        says="at most 1000",
        body={"events": [EVENT] * 1001},
    ),
    request(GROUP, "events that are not JSON", "POST", _EVENTS, status=400, says="not JSON", body=b"e1,u1,i1\n"),
    events(GROUP, "event that is no object", "body: Input should be", "e1"),
    event(GROUP, "event of an unknown item", "item_id: Unknown item 'i99'", item_id="i99"),
    event(GROUP, "event without an item", "item_id: Field required", item_id=None),
    event(GROUP, "event without a user", "user_id: Field required", user_id=None),
    event(GROUP, "event with an empty user", "user_id: String should have at least 1", user_id=""),
    event(GROUP, "event of a numeric user", "user_id: Input should be a valid string", user_id=7),
    event(GROUP, "event without a type", "type: Field required", type=None),
    event(GROUP, "event of an unknown type", "type: Input should be 'purchase'", type="sale"),
    event(GROUP, "event with a bad time", "at: Input should be an ISO 8601 time", at="1 March"),
    event(GROUP, "event with an epoch", "at: Input should be an ISO 8601 time", at=1772323200),
    event(GROUP, "event with neither id nor time", "at: Required where there is no event_id", event_id=None, at=None),
    event(GROUP, "event with an empty id", "event_id: String should have at least 1", event_id=""),
    event(GROUP, "event at a negative position", "position: Input should be greater than", position=-1),
    event(GROUP, "event at half a position", "position: Input should be a valid integer", position=1.5),
    event(GROUP, "event with an unknown key", "did you mean 'item_id'?", itm_id="i1"),
    event(
        GROUP, "event whose id is taken by another", "sent before with other content", event_id="u1-1", type="purchase"
    ),
    _raw("not HTTP", b"hello\r\n\r\n", 400, "could not be read", "`hello` on the socket"),
    _raw(
        "TLS on the plain port",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        400,
        "could not be read",
        "a TLS greeting on the socket",
    ),
    _raw(
        "a request line without end",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
        414,
        "could not be read",
        "`GET /xxx…` of 9,000 characters",
    ),
    _raw(
        "a header without end",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
        431,
        "could not be read",
        "a header of 9,000 characters",
    ),
    _raw(
        "a length that is no number",
        _post(_EVENTS, "Content-Length: many"),
        400,
        "could not be read",
        "`Content-Length: many`",
    ),
    _raw(
        "an unknown transfer coding",
        _post(_EVENTS, "Transfer-Encoding: zip"),
        501,
        "could not be read",
        "`Transfer-Encoding: zip`",
    ),
    _raw(
        "a chunk that is none",
        _post(_EVENTS, "Transfer-Encoding: chunked", "Content-Type: application/json", body=b"zz\r\nx\r\n"),
        400,
        "could not be read",
        "`Transfer-Encoding: chunked`, then no chunk",
    ),
    _raw(
        "a body shorter than its length",
        _post(_EVENTS, "Content-Length: 100", "Content-Type: application/json", body=b'{"events": ['),
        400,
        "The body",
        "`Content-Length: 100`, then 12 bytes",
    ),
]
