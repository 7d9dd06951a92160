// What the judges said: verdicts by judge, prompt and label
// params: {}
// mean_strength is the judge's own 0 to 3, mean_weight what purchases made of the edges. mean_strength is empty for
// rejections, mean_weight for all but complements.
MATCH (:Entity)-[v:COMPLEMENTS|SUBSTITUTES|REJECTED]->(:Entity)
WITH v, CASE type(v) WHEN 'COMPLEMENTS' THEN 'complement' WHEN 'SUBSTITUTES' THEN 'substitute' ELSE v.label END AS label
RETURN v.judge AS judge, v.prompt AS prompt, label, count(*) AS pairs, avg(v.strength) AS mean_strength,
       avg(v.weight) AS mean_weight, toString(datetime({epochMillis: max(v.judged_at)})) AS last_judged
ORDER BY judge, prompt, pairs DESC, label
