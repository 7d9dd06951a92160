// The known items of a basket, newest (last) first: each with its main entity, the release served, is that entity durable
// params: {"items": ["i1", "i2"]}
UNWIND range(0, size($items) - 1) AS position
MATCH (i:Item {id: $items[position]})
MATCH (s:Shop)
OPTIONAL MATCH (i)-[:IS_A {main: true}]->(e:Entity)
WITH i.id AS item, position, e.id AS entity, null AS interest, s.release AS release,
     coalesce(e.durable, false) AS durable
ORDER BY position DESC, item
// One row for all: each row of its own costs the server a message and the driver two reads.
RETURN collect([item, position, entity, interest, release, durable]) AS history
