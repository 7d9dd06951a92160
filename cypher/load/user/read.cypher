// Read: user
// params: {}
MATCH (n:User)
RETURN n.id AS id
