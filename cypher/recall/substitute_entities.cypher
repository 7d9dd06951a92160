// The entities judged substitutes of an item's own (what replaces is replaced: either way round)
// params: {"item": "i1"}
MATCH (:Item {id: $item})-[:IS_A {main: true}]->(:Entity)-[:SUBSTITUTES]-(f:Entity)
RETURN DISTINCT f.id AS entity
