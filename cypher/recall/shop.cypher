// The release that readers are served
// params: {}
MATCH (s:Shop)
RETURN s.release AS release, s.clock AS clock
