// Who was shown what: how often, when last, and where that stands among all that the user was shown
// params: {}
MATCH (a:User)-[r:SAW]->(b:Item)
RETURN a.id AS user, b.id AS item, r.at AS at, r.count AS count, r.position AS position
