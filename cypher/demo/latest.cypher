// What a shopper bought, latest first
// params: {"user": "u1", "limit": 4}
MATCH (u:User {id: $user})-[b:BOUGHT]->(i:Item)
RETURN i.id AS item, i.title AS title
ORDER BY b.position DESC
LIMIT $limit
