// The entities judged substitutes of an item's own
// params: {"item": "i1"}
MATCH (:Item {id: $item})-[:IS_A {main: true}]->(:Entity)-[:SUBSTITUTES]->(f:Entity)
RETURN f.id AS entity
