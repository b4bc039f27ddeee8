"""OSC and VMC out: layouts, datagrams encoded once, and the sockets that they leave by."""
