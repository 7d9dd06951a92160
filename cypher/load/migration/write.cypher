// Note a migration of the schema as applied
// params: {"id": "0001-ids", "checksum": "0123456789abcdef", "applied_at": 0}
MERGE (n:Migration {id: $id})
SET n.checksum = $checksum, n.applied_at = $applied_at
