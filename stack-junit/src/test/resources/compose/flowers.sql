CREATE TABLE flowers AS SELECT 'rose' AS name UNION SELECT 'tulip';
