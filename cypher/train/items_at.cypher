// The items of entities at the given places, from 0, when each entity's items are sorted by id
// params: {"rows": [{"entity": "tent", "places": [0]}]}
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity})<-[:IS_A {main: true}]-(i:Item)
WITH row, i
ORDER BY i.id
WITH row, collect(i.id) AS ids
RETURN row.entity AS entity, [place IN row.places | ids[place]] AS items
