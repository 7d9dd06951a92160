// Empty the graph, a part at a time
// params: {"limit": 5000}
MATCH (n)
WITH n LIMIT $limit
DETACH DELETE n
RETURN count(n) AS deleted
