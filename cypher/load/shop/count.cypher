// How many nodes does the graph hold, its record of migrations aside?
// params: {}
MATCH (n)
WHERE NOT n:Migration
RETURN count(n) AS nodes
