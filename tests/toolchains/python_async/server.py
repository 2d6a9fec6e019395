"""Keeps the path of the current request in a global across a wait: two requests get the same one's length."""

from typing import Optional

from componentize_py_types import Ok
import wit_world
from wit_world import exports
from wit_world.imports import monotonic_clock
from wit_world.imports.wasi_http_types import Fields, Request, Response

current: Optional[str] = None


class Handler(exports.Handler):
    async def handle(self, request: Request) -> Response:
        global current
        current = request.get_path_with_query()
        await monotonic_clock.wait_for(1_000_000)
        sender, trailers = wit_world.result_option_wasi_http_types_fields_wasi_http_types_error_code_future(lambda: Ok(None))
        response = Response.new(Fields(), None, trailers)[0]
        response.set_status_code(200 + len(current or ""))
        return response
