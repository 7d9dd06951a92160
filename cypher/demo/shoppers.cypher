// Shoppers whose purchases lie in the fewest entities: their lists are the easiest to follow
// params: {"limit": 2}
MATCH (u:User)-[a:INTERESTED_IN]->(e:Entity)
WITH u, count(e) AS entities, max(a.weight) AS interest
WHERE entities >= 2 AND entities <= 4
RETURN u.id AS user
ORDER BY interest DESC, user
LIMIT $limit
