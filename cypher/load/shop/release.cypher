// Readers are served this release from now on
// params: {"release": "0123456789abcdef"}
MATCH (s:Shop)
SET s.release = $release
