"""Runs a command at a terminal of its own, and answers the question that ends in a given text."""

import os
import pty
import re
import sys

question, answer, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)

# How a line editor moves its cursor.
movement = re.compile(rb"\x1b\[[0-9;]*[A-Za-z]")

said = b""
answered = False
while True:
    try:
        chunk = os.read(terminal, 65_536)
    except OSError:  # Linux ends it so
        chunk = b""
    if not chunk:
        break
    said += chunk
    if not answered and movement.sub(b"", said).rstrip().endswith(question.encode()):
        os.write(terminal, answer.encode() + b"\n")
        answered = True

_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(re.sub(rb"\r+\n", b"\n", movement.sub(b"", said)))
sys.exit(os.waitstatus_to_exitcode(status))
