// What a user bought, newest first: item, main entity, interest in that (0 once faded), release served, is that entity durable
// params: {"user": "u1"}
MATCH (u:User {id: $user})-[b:BOUGHT]->(i:Item)
MATCH (s:Shop)
OPTIONAL MATCH (i)-[:IS_A {main: true}]->(e:Entity)
WITH u, b, i, s, e, e.id AS entity, coalesce(e.durable, false) AS durable
// The embedded server takes an e that is null for any entity at all.
OPTIONAL MATCH (u)-[a:INTERESTED_IN]->(e) WHERE entity IS NOT NULL
WITH i.id AS item, b.position AS position, entity, coalesce(a.weight, 0.0) AS interest, s.release AS release,
     durable
ORDER BY position DESC, item
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([item, position, entity, interest, release, durable]) AS history
