// Migrations of the schema that were applied, with the checksums of their files
// params: {}
MATCH (n:Migration)
RETURN n.id AS id, n.checksum AS checksum
