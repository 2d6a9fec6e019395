// An HTTP handler by the event that browsers' service workers know.
addEventListener('fetch', (event) => event.respondWith(new Response('hello\n')));
