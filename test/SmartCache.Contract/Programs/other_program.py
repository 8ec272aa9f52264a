"""Another program that works on a session of the app, by the rules of docs/internals/schema.md and nothing else.

Reads the session, says "read" and waits for a line, sets entries, and writes it back unless somebody was faster:
then it reads again. Says how often it has read.
"""
import json
import random
import subprocess
import sys
import time
import zlib

dialect, table, key, changes, client = sys.argv[1], sys.argv[2], sys.argv[3].encode(), json.loads(sys.argv[4]), sys.argv[5:]


def run(statement):
    if dialect == "sqlite":
        import sqlite3
        connection = sqlite3.connect(client[0], timeout=10, isolation_level=None)
        cursor = connection.execute(statement)
        rows = cursor.fetchall() if cursor.description else [(cursor.rowcount,)]
        connection.close()
        return rows
    done = subprocess.run(client, input=statement, capture_output=True, text=True, encoding="utf-8")
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def binary(content):
    return f"'\\x{content.hex()}'::bytea" if dialect == "postgres" else f"x'{content.hex()}'"


this_key = f"key_crc32 = {zlib.crc32(key)} AND cache_key = {binary(key)}"
as_hex = "encode(value, 'hex')" if dialect == "postgres" else "hex(value)"
count_changed = {"postgres": "RETURNING 1", "mysql": "; SELECT ROW_COUNT()", "sqlite": ""}[dialect]

reads = 0
while True:
    (value, form, version), = run(f"SELECT {as_hex}, format, version FROM {table} WHERE {this_key}")
    if int(form) != 2:
        sys.exit(f"The row's format is {form}, not JSON.")
    session = json.loads(bytes.fromhex(value).decode("utf-8"))
    reads += 1
    if reads == 1:
        print("read", flush=True)
        sys.stdin.readline()

    session["entries"].update(changes)
    new_value = json.dumps(session, ensure_ascii=False).encode("utf-8")
    new_version = random.getrandbits(64) - 2**63
    changed = run(
        f"UPDATE {table} SET value = {binary(new_value)}, version = {new_version}, updated_at = {int(time.time() * 1000)} "
        f"WHERE {this_key} AND version = {version} {count_changed}")
    if changed and int(changed[0][0]) == 1:
        print(f"written after {reads} reads", flush=True)
        break
