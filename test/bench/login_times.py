"""Reads {"connect": …, "sql": …, "repeats": …} from standard input and prints the milliseconds of each login and of each query."""

import json
import sys
import time

import snowflake.connector

order = json.load(sys.stdin)
times = {"login": [], "query": []}
for _ in range(order["repeats"]):
    began = time.perf_counter()
    connection = snowflake.connector.connect(**order["connect"])
    logged_in = time.perf_counter()
    connection.cursor().execute(order["sql"]).fetchall()
    times["query"].append((time.perf_counter() - logged_in) * 1000)
    times["login"].append((logged_in - began) * 1000)
    connection.close()
print(json.dumps(times))
