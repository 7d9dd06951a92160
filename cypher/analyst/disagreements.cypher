// Where purchases disagree most with the verdict
// params: {"limit": 20}
// lift is the weight over the mean weight of the edges with the same prior: above 1 the edge is taken more often than edges
// with a like verdict, below 1 less often.
MATCH (:Entity)-[c:COMPLEMENTS]->(:Entity)
WHERE c.weight > 0
WITH c.probability AS prior, avg(c.weight) AS usual, collect(c) AS edges
UNWIND edges AS c
WITH c, prior, c.weight / usual AS lift, startNode(c) AS e, endNode(c) AS f
RETURN e.id AS entity, f.id AS complement, lift, c.weight AS weight, prior, c.reason AS reason
ORDER BY abs(log(lift)) DESC, entity, complement
LIMIT toInteger($limit)
