// Delete relationships, a part at a time: nodes with all of theirs at once would not fit a server's memory
// params: {"limit": 10000}
MATCH ()-[r]->()
WITH r LIMIT $limit
DELETE r
RETURN count(r) AS deleted
