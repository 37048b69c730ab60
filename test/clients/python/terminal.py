"""Runs a command at a terminal of its own, and answers the question that ends in a given text."""

import os
import pty
import re
import select
import signal
import sys

question, answer, *command = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(command[0], command)

# How a line editor moves its cursor.
movement = re.compile(rb"\x1b\[[0-9;]*[A-Za-z]")

output = b""
answered = False
while True:
    if not select.select([terminal], [], [], 240)[0]:  # another question: show it instead of waiting forever
        os.kill(child, signal.SIGKILL)
        break
    try:
        chunk = os.read(terminal, 65_536)
    except OSError:  # Linux raises at the end
        chunk = b""
    if not chunk:
        break
    output += chunk
    if not answered and movement.sub(b"", output).rstrip().endswith(question.encode()):
        os.write(terminal, answer.encode() + b"\n")
        answered = True

_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(re.sub(rb"\r+\n", b"\n", movement.sub(b"", output)))
sys.exit(os.waitstatus_to_exitcode(status))
