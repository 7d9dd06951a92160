// Who clicked what: how often, when last, and where that stands among all that the user clicked
// params: {}
MATCH (a:User)-[r:CLICKED]->(b:Item)
RETURN a.id AS user, b.id AS item, r.at AS at, r.count AS count, r.position AS position
