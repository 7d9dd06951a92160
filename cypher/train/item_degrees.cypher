// How many items each of these entities has
// params: {"entities": ["tent", "mat"]}
UNWIND $entities AS id
MATCH (e:Entity {id: id})
OPTIONAL MATCH (e)<-[r:IS_A {main: true}]-(:Item)
RETURN id AS entity, count(r) AS degree
