// The complements of entities, with their priors, at the given places, from 0, when each entity's are sorted by id
// params: {"rows": [{"entity": "tent", "places": [0]}]}
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity})-[c:COMPLEMENTS]->(f:Entity)
WITH row, f, c
ORDER BY f.id
WITH row, collect([f.id, c.probability]) AS found
RETURN row.entity AS entity, [place IN row.places | found[place]] AS complements
