// The text vector of each entity's name
// params: {}
MATCH (n:Entity)
RETURN n.id AS id, n.text AS text
