// Read: migrations
// params: {}
MATCH (n:Migration)
RETURN n.id AS id, n.checksum AS checksum
