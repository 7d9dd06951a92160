// What a user bought, newest first: each item with its main entity and the user's interest in that
// params: {"user": "u1"}
MATCH (u:User {id: $user})-[b:BOUGHT]->(i:Item)
OPTIONAL MATCH (i)-[:IS_A {main: true}]->(e:Entity)
OPTIONAL MATCH (u)-[a:INTERESTED_IN]->(e)
RETURN i.id AS item, b.position AS position, e.id AS entity, a.weight AS interest
ORDER BY position DESC, item
