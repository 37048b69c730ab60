"""Reads {"connect": …, "steps": [{"sql", "binds"?}]} from standard input and prints, for each step, the rows as
Python shows them or the failure; a login that fails ends it."""

import json
import sys

import botocore.exceptions
import snowflake.connector

order = json.load(sys.stdin)
snowflake.connector.paramstyle = "qmark"


def failure(error):
    return {"errno": error.errno, "sqlstate": error.sqlstate, "message": error.msg}


def run(cursor, step):
    try:
        cursor.execute(step["sql"], step.get("binds"))
        rows = [[repr(value) for value in row] for row in cursor.fetchall()]
        return {"names": [column.name for column in cursor.description], "rows": rows}
    except snowflake.connector.errors.Error as error:
        return failure(error)


try:
    connection = snowflake.connector.connect(**order["connect"])
except snowflake.connector.errors.Error as error:
    print(json.dumps({"login": failure(error)}))
    sys.exit()
except botocore.exceptions.ClientError as error:
    print(json.dumps({"login": {"errno": None, "sqlstate": None, "message": str(error)}}))
    sys.exit()

with connection:
    results = [run(connection.cursor(), step) for step in order["steps"]]
    print(json.dumps({"role": connection.role, "results": results}))
