// How many relationships of each type?
// params: {}
MATCH ()-[r]->()
RETURN type(r) AS name, count(r) AS count
