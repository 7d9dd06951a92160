// A picture: why an item was recommended to a user, as the ways from the user to the item
// params: {"user": "u1", "item": "i1"}
MATCH (u:User {id: $user})
MATCH (j:Item {id: $item})
OPTIONAL MATCH entities = (u)-[:BOUGHT]->(:Item)-[:IS_A {main: true}]->(:Entity)-[:COMPLEMENTS]->(:Entity)<-[:IS_A {main: true}]-(j)
WITH u, j, collect(entities) AS over_entities
OPTIONAL MATCH copurchase = (u)-[:BOUGHT]->(:Item)-[:BOUGHT_BEFORE]->(j)
RETURN u, j, over_entities, collect(copurchase) AS over_copurchase
