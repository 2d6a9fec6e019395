// An HTTP handler on the bare canonical ABI. With -DCOUNTED it tells how often it was asked.
#include "abi.h"

#include <stdio.h>
#include <string.h>

#define TYPES "wasi:http/types@0.2.12"
#define STREAMS "wasi:io/streams@0.2.12"

enum { NONE = 0, OK = 0 };

typedef int32_t handle;

// Room for any result of the functions below; no payload is larger.
struct result {
    _Alignas(8) uint8_t failed;
    handle value;
    uint8_t rest[56];
};

IMPORT(TYPES, "[resource-drop]incoming-request")
void drop_request(handle request);
IMPORT(TYPES, "[constructor]fields")
handle new_fields(void);
IMPORT(TYPES, "[constructor]outgoing-response")
handle new_response(handle headers);
IMPORT(TYPES, "[method]outgoing-response.body")
void response_body(handle response, struct result *body);
IMPORT(TYPES, "[static]response-outparam.set")
void set_response(handle out, int32_t tag, handle response, int32_t, int64_t, int32_t, int32_t, int32_t, int32_t);
IMPORT(TYPES, "[method]outgoing-body.write")
void body_stream(handle body, struct result *stream);
IMPORT(TYPES, "[static]outgoing-body.finish")
void finish_body(handle body, int32_t tag, handle trailers, struct result *finished);
IMPORT(STREAMS, "[method]output-stream.blocking-write-and-flush")
void write_stream(handle stream, const char *bytes, size_t length, struct result *written);
IMPORT(STREAMS, "[resource-drop]output-stream")
void drop_stream(handle stream);

static const char *answer(void) {
#ifdef COUNTED
    static unsigned requests;
    static char text[32];
    snprintf(text, sizeof text, "request %u\n", ++requests);
    return text;
#else
    return "hello\n";
#endif
}

// The one value of a result that cannot fail here.
static handle value(struct result result) {
    if (result.failed) {
        __builtin_trap();
    }
    return result.value;
}

static void send(handle body) {
    const char *text = answer();
    struct result stream, written, finished;
    body_stream(body, &stream);
    write_stream(value(stream), text, strlen(text), &written);
    drop_stream(stream.value);
    finish_body(body, NONE, 0, &finished);
}

EXPORT("wasi:http/incoming-handler@0.2.12#handle")
void handle_request(handle request, handle out) {
    drop_request(request);
    handle response = new_response(new_fields());
    struct result body;
    response_body(response, &body);
    set_response(out, OK, response, 0, 0, 0, 0, 0, 0);
    send(value(body));
}
