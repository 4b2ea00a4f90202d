"""A DNS server that lies, for test_dns.py: dns_liar.py ADDRESS OTHER_ADDRESS

What it does depends on the name's first label. Lies say 6.6.6.6, the truth is 192.0.2.9:
  spoofed   answers with other ids, questions, from another port, from another host; then the truth
  late      the first question is answered only when the second one comes, with a lie for the first
  after     the truth at once, and lies to the same port and id as soon as another name is asked for
  servfail, refused, formerr   that code
  silent    nothing
It prints "NAME" for each question.
"""

import socket
import struct
import sys

TRUTH, LIE = bytes((192, 0, 2, 9)), bytes((6, 6, 6, 6))
CODES = {"formerr": 1, "servfail": 2, "refused": 5}


def name_of(question):
    labels, at = [], 0
    while question[at]:
        labels.append(question[at + 1:at + 1 + question[at]].decode())
        at += question[at] + 1
    return ".".join(labels).lower()


def reply(ident, question, address=None, code=0):
    head = struct.pack("!HHHHHH", ident, 0x8180 | code, 1, 1 if address else 0, 0, 0)
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + address if address else b""
    return head + question + record


def spoof(server, other_port, other_host, client, ident, question):
    for wrong in range(1, 65):
        server.sendto(reply(ident ^ wrong, question, LIE), client)
    other = bytearray(question)
    other[1] ^= 1  # another letter
    server.sendto(reply(ident, bytes(other), LIE), client)
    other_type = question[:-4] + b"\x00\x1c\x00\x01"
    server.sendto(reply(ident, other_type, LIE), client)
    other_port.sendto(reply(ident, question, LIE), client)
    other_host.sendto(reply(ident, question, LIE), client)
    server.sendto(reply(ident, question, LIE)[:-1], (client[0], client[1] ^ 1))
    server.sendto(reply(ident, question, TRUTH), client)


def main(address, other_address):
    server, other_port, other_host = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                                      for _ in range(3))
    server.bind((address, 53))
    other_port.bind((address, 5353))
    other_host.bind((other_address, 53))
    kept = {}
    print("ready", flush=True)
    while True:
        message, client = server.recvfrom(2048)
        ident, question = struct.unpack("!H", message[:2])[0], message[12:]
        name = name_of(question)
        print(name, flush=True)
        kind = name.split(".")[0]
        if kind in CODES:
            server.sendto(reply(ident, question, code=CODES[kind]), client)
        elif kind == "spoofed":
            spoof(server, other_port, other_host, client, ident, question)
        elif kind == "late" and kind not in kept:
            kept[kind] = client, ident, question
        elif kind != "silent":
            for old_client, old_ident, old_question in kept.values():
                server.sendto(reply(old_ident, old_question, LIE), old_client)
            kept.clear()
            server.sendto(reply(ident, question, TRUTH), client)
            if kind == "after":
                kept[kind] = client, ident, question


if __name__ == "__main__":
    main(*sys.argv[1:])
