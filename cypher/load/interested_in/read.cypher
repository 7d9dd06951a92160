// How interested users are in entities, faded to the shop's clock
// params: {}
MATCH (a:User)-[r:INTERESTED_IN]->(b:Entity)
RETURN a.id AS user, b.id AS entity, r.weight AS weight, r.last_at AS last_at
