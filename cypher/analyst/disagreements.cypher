// Where purchases disagree most with the verdict
// params: {"limit": 20}
// lift is the weight's odds over the prior's: above 1 the edge is bought more often than judged, below 1 less often.
MATCH (e:Entity)-[c:COMPLEMENTS]->(f:Entity)
WHERE c.weight < 1 AND c.probability > 0 AND c.probability < 1
WITH e, f, c, (c.weight / (1 - c.weight)) / (c.probability / (1 - c.probability)) AS lift
WHERE lift > 0
RETURN e.id AS entity, f.id AS complement, lift, c.weight AS weight, c.probability AS prior, c.reason AS reason
ORDER BY abs(log(lift)) DESC, entity, complement
LIMIT toInteger($limit)
