-- MariaDB dump 10.19  Distrib 10.11.8-MariaDB, for debian-linux-gnu (x86_64)
--
-- Host: localhost    Database: auction
-- ------------------------------------------------------

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET NAMES utf8mb4 */;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

CREATE USER 'bidder'@'%' IDENTIFIED BY 'only-for-this-test';
CREATE USER `o'dd`@`10.0.0.%` IDENTIFIED BY 'only-for-this-test' ACCOUNT LOCK;
CREATE ROLE auctioneer;
CREATE DATABASE /*!32312 IF NOT EXISTS*/ `auction` /*!40100 DEFAULT CHARACTER SET latin1 COLLATE latin1_german2_ci */;
CREATE DATABASE `Archiv-2029` DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin COMMENT 'old things';
USE `auction`;

DROP TABLE IF EXISTS `sellers`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
/*!40101 SET character_set_client = utf8mb4 */;
CREATE TABLE `sellers` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(80) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'it''s "me"' COMMENT 'as in; the ''register''',
  `code` char(8) CHARACTER SET ascii COLLATE ascii_bin DEFAULT NULL,
  `kind` enum('private','shop','a,b','it''s') CHARACTER SET latin1 DEFAULT 'shop',
  `flags` set('fast','kind','rude') DEFAULT 'fast,kind',
  `rating` decimal(5,2) unsigned zerofill DEFAULT 000.00,
  `joined` date NOT NULL DEFAULT '2020-02-29',
  `updated` timestamp(6) NOT NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6),
  `worked` year(4) DEFAULT 2029,
  `open` bit(3) DEFAULT b'101',
  `token` uuid DEFAULT uuid(),
  `host` inet6 DEFAULT '::1',
  `full_name` varchar(200) CHARACTER SET utf8mb4 GENERATED ALWAYS AS (concat(`code`,' ',`name`)) VIRTUAL,
  `name_length` int(11) GENERATED ALWAYS AS (char_length(`name`)) STORED,
  `secret` int(11) INVISIBLE DEFAULT 7,
  PRIMARY KEY (`id`),
  UNIQUE KEY `by_code` (`code`),
  KEY `by_length` (`name_length` DESC,`name`(10)) COMMENT 'descending',
  CONSTRAINT `rated` CHECK (`rating` between 0 and 100),
  CONSTRAINT `named` CHECK (`name` <> '')
) ENGINE=InnoDB AUTO_INCREMENT=5001 DEFAULT CHARSET=latin1 COLLATE=latin1_german2_ci ROW_FORMAT=DYNAMIC COMMENT='who sells; "all"';
/*!40101 SET character_set_client = @saved_cs_client */;

CREATE TABLE `lots` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `seller_id` int(10) unsigned NOT NULL,
  `title` text CHARACTER SET utf8mb4 NOT NULL,
  `details` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`details`)),
  `place` point NOT NULL,
  `area` polygon DEFAULT NULL,
  `price` double DEFAULT 0.1,
  `weight` float DEFAULT NULL,
  `picture` mediumblob DEFAULT NULL,
  `hash` binary(4) DEFAULT '\0\0\0 ',
  `ends` datetime(3) DEFAULT (current_timestamp(3) + interval 7 day),
  `length` time(2) DEFAULT '-838:59:59.00',
  PRIMARY KEY (`id`),
  SPATIAL KEY `where` (`place`),
  FULLTEXT KEY `words` (`title`),
  KEY `of_seller` (`seller_id`,`price`),
  CONSTRAINT `lots_seller` FOREIGN KEY (`seller_id`) REFERENCES `sellers` (`id`) ON DELETE CASCADE ON UPDATE NO ACTION
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;

CREATE TABLE `bids` (
  `lot_id` bigint(20) NOT NULL,
  `at` datetime(6) NOT NULL,
  `amount` decimal(20,4) NOT NULL,
  `who` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci NOT NULL,
  PRIMARY KEY (`lot_id`,`at`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_czech_ci STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=32
 PARTITION BY RANGE (year(`at`))
SUBPARTITION BY HASH (`lot_id`)
SUBPARTITIONS 2
(PARTITION `old` VALUES LESS THAN (2029) COMMENT = 'before' ENGINE = InnoDB,
 PARTITION `now` VALUES LESS THAN (2030) ENGINE = InnoDB,
 PARTITION `later` VALUES LESS THAN MAXVALUE ENGINE = InnoDB);

CREATE TABLE `regions` (
  `id` int(11) NOT NULL,
  `code` varchar(5) NOT NULL,
  PRIMARY KEY (`id`,`code`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4
 PARTITION BY LIST  COLUMNS(`code`)
(PARTITION `north` VALUES IN ('n1','n2') ENGINE = InnoDB,
 PARTITION `rest` DEFAULT ENGINE = InnoDB);

CREATE TABLE `cache` (
  `id` int(11) NOT NULL,
  `body` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=MEMORY DEFAULT CHARSET=latin1;

CREATE TABLE `Ö ``odd`` "name"` (
  `a b` int(11) DEFAULT NULL,
  `select` varchar(10) DEFAULT NULL,
  `ß'` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 ROW_FORMAT=REDUNDANT;

CREATE TABLE `prices` (
  `id` int(11) NOT NULL,
  `price` int(11) DEFAULT NULL,
  `from` timestamp(6) GENERATED ALWAYS AS ROW START,
  `to` timestamp(6) GENERATED ALWAYS AS ROW END,
  PRIMARY KEY (`id`,`to`),
  PERIOD FOR SYSTEM_TIME (`from`, `to`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 WITH SYSTEM VERSIONING;

CREATE TABLE `Archiv-2029`.`old.lots` (
  `id` bigint(20) NOT NULL,
  `title` varchar(100) DEFAULT NULL,
  UNIQUE KEY `id` (`id`) USING HASH
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE SEQUENCE `tickets` start with 100 minvalue 1 maxvalue 9223372036854775806 increment by 5 cache 1000 nocycle ENGINE=InnoDB;
DO SETVAL(`tickets`, 600, 0);

INSERT INTO `sellers` (`id`, `name`, `code`) SELECT seq, concat('Müller 患 😀 ', seq), lpad(seq, 8, 'x') FROM seq_1_to_2000;
INSERT INTO `lots` (`seller_id`, `title`, `details`, `place`, `price`, `picture`)
 SELECT 1 + seq % 2000, concat('a lot; of ', seq), '{"a" : [1, 2]}', point(seq % 90, seq % 45), seq / 7, unhex(md5(seq)) FROM seq_1_to_3000;
INSERT INTO `bids` SELECT seq % 3000, '2027-01-01' + interval seq * 2 hour, seq / 3, 'somebody' FROM seq_1_to_9000;
INSERT INTO `regions` VALUES (1,'n1'),(2,'s1'),(3,'');
INSERT INTO `Ö ``odd`` "name"` VALUES (1,'x\\','\n'),(1,'x\\','\n'),(NULL,NULL,'\'');
INSERT INTO `prices` (`id`, `price`) SELECT seq, seq FROM seq_1_to_100;
UPDATE `prices` SET `price` = 5 WHERE `id` < 9;
INSERT INTO `Archiv-2029`.`old.lots` SELECT seq, 'old' FROM seq_1_to_400;

/*!50003 SET @saved_sql_mode = @@sql_mode */;
/*!50003 SET sql_mode = 'STRICT_TRANS_TABLES,ANSI_QUOTES,PIPES_AS_CONCAT' */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`bidder`@`%`*/ /*!50003 TRIGGER `lots_before` BEFORE INSERT ON `lots` FOR EACH ROW
BEGIN
  IF NEW.price < 0 THEN SET NEW.price = 0; END IF; -- a comment; with 'quotes
END */;;
CREATE DEFINER=`root`@`localhost` TRIGGER `lots_second` BEFORE INSERT ON `lots` FOR EACH ROW FOLLOWS `lots_before` SET NEW.title = trim(NEW.title) ;;
CREATE DEFINER=`root`@`localhost` FUNCTION `fee`(amount DECIMAL(20,4), `kind of` VARCHAR(9) CHARSET utf8mb4) RETURNS decimal(20,4)
    NO SQL
    DETERMINISTIC
    SQL SECURITY INVOKER
    COMMENT 'in percent; "all"'
RETURN amount * 0.05 ;;
CREATE DEFINER=`nobody`@`nowhere` PROCEDURE `close_lot`(IN lot BIGINT, OUT best DECIMAL(20,4), INOUT note TEXT)
    READS SQL DATA
BEGIN
  DECLARE done INT DEFAULT 0;
  DECLARE c CURSOR FOR SELECT max("amount") FROM `bids` WHERE lot_id = lot;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  OPEN c; FETCH c INTO best; CLOSE c;
  SET note = note || '; closed';
END ;;
CREATE DEFINER=`root`@`localhost` AGGREGATE FUNCTION `biggest`(x INT) RETURNS int(11)
    DETERMINISTIC
BEGIN
  DECLARE m INT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN m;
  LOOP FETCH GROUP NEXT ROW; IF x > m THEN SET m = x; END IF; END LOOP;
END ;;
CREATE DEFINER=`root`@`localhost` EVENT `close_all` ON SCHEDULE EVERY '1:30' HOUR_MINUTE STARTS '2029-01-01 00:00:00' ENDS '2035-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'it''s' DO BEGIN DELETE FROM `cache`; END ;;
CREATE DEFINER=`root`@`localhost` EVENT `once` ON SCHEDULE AT '2036-01-01 00:00:00' ON COMPLETION NOT PRESERVE ENABLE DO SET @x = 1 ;;
SET sql_mode = 'ORACLE' ;;
CREATE DEFINER=`root`@`localhost` PACKAGE `tools` AS FUNCTION one RETURN INT; END ;;
CREATE DEFINER=`root`@`localhost` PACKAGE BODY `tools` AS FUNCTION one RETURN INT AS BEGIN RETURN 1; END; END ;;
DELIMITER ;
/*!50003 SET sql_mode = @saved_sql_mode */;

/*!50001 CREATE ALGORITHM=MERGE DEFINER=`bidder`@`%` SQL SECURITY INVOKER VIEW `cheap` AS select `l`.`id` AS `id`,`s`.`name` AS `the seller's name` from (`lots` `l` join `sellers` `s` on(`s`.`id` = `l`.`seller_id`)) where `l`.`price` < 10 */
/*!50002 WITH CASCADED CHECK OPTION */;
CREATE ALGORITHM=TEMPTABLE DEFINER=`nobody`@`nowhere` SQL SECURITY DEFINER VIEW `Archiv-2029`.`v w` AS with recursive n as (select 1 AS x union all select x + 1 from n where x < 5) select x AS `"x"` from n;

GRANT SELECT, INSERT, TRIGGER ON `auction`.* TO 'bidder'@'%' WITH GRANT OPTION;
GRANT SELECT (`id`, `name`), UPDATE (`name`) ON `auction`.`sellers` TO auctioneer;
GRANT EXECUTE ON FUNCTION `auction`.`fee` TO auctioneer;
GRANT auctioneer TO 'bidder'@'%' WITH ADMIN OPTION;
SET DEFAULT ROLE auctioneer FOR 'bidder'@'%';
GRANT USAGE ON *.* TO `o'dd`@`10.0.0.%` WITH MAX_QUERIES_PER_HOUR 5;

/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;

-- Dump completed on 2029-06-01 12:00:00
