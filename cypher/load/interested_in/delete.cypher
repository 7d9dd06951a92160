// Take back interests of users
// params: {"rows": [{"user": "x", "entity": "x"}]}
UNWIND $rows AS row
MATCH (a:User {id: row.user})-[r:INTERESTED_IN]->(b:Entity {id: row.entity})
DELETE r
