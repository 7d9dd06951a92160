// Users of whom any event is known
// params: {}
MATCH (n:User)
RETURN n.id AS id
