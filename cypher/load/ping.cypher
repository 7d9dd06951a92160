// Does the server answer?
// params: {}
RETURN 1 AS one
