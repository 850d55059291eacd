#ifdef PEG
struct T_SRC {
	char *fl; int ln;
} T_SRC[NTRANS];

void
tr_2_src(int m, char *file, int ln)
{	T_SRC[m].fl = file;
	T_SRC[m].ln = ln;
}

void
putpeg(int n, int m)
{	printf("%5d	trans %4d ", m, n);
	printf("%s:%d\n",
		T_SRC[n].fl, T_SRC[n].ln);
}
#endif

void
settable(void)
{	Trans *T;
	Trans *settr(int, int, int, int, int, char *, int, int, int);

	trans = (Trans ***) emalloc(6*sizeof(Trans **));

	/* proctype 4: :init: */

	trans[4] = (Trans **) emalloc(16*sizeof(Trans *));

	T = trans[ 4][7] = settr(2148,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(2148,2,1,0,0,"ATOMIC", 1, 2, 0);
	trans[4][1]	= settr(2142,2,2,3,3,"(run Caller(0))", 1, 2, 0);
	trans[4][2]	= settr(2143,2,3,4,4,"(run Caller(1))", 1, 2, 0);
	trans[4][3]	= settr(2144,2,4,5,5,"(run Caller(2))", 1, 2, 0);
	trans[4][4]	= settr(2145,2,5,6,6,"(run Controller())", 1, 2, 0);
	trans[4][5]	= settr(2146,2,6,7,7,"(run Clock())", 1, 2, 0);
	trans[4][6]	= settr(2147,0,8,8,8,"(run Timer())", 1, 2, 0);
	trans[4][8]	= settr(2149,0,14,9,0,"((_nr_pr==1))", 1, 2, 0);
/*->*/	trans[4][14]	= settr(2155,32,15,10,10,"D_STEP291", 1, 2, 0);
	trans[4][15]	= settr(2156,0,0,11,11,"-end-", 0, 3500, 0);

	/* proctype 3: Timer */

	trans[3] = (Trans **) emalloc(390*sizeof(Trans *));

	trans[3][387]	= settr(2139,0,386,1,0,".(goto)", 0, 2, 0);
	T = trans[3][386] = settr(2138,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2138,0,4,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(2138,0,384,0,0,"DO", 0, 2, 0);
	T = trans[ 3][4] = settr(1756,2,0,0,0,"ATOMIC", 1, 2, 0);
	T->nxt	= settr(1756,2,1,0,0,"ATOMIC", 1, 2, 0);
	trans[3][1]	= settr(1753,0,379,12,12,"(((timer!=0)&&(clock==1)))", 1, 2, 0); /* m: 2 -> 379,0 */
	reached3[2] = 1;
	trans[3][2]	= settr(0,0,0,0,0,"number = (timer-1)",0,0,0);
	trans[3][3]	= settr(0,0,0,0,0,"timer = 0",0,0,0);
	trans[3][380]	= settr(2132,0,379,1,0,".(goto)", 0, 2, 0);
	T = trans[3][379] = settr(2131,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(2131,0,372,0,0,"DO", 0, 2, 0);
	T = trans[ 3][372] = settr(2124,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2124,0,43,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 3][43] = settr(1795,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1795,0,9,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 3][9] = settr(1761,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1761,0,8,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][8]	= settr(1760,32,27,13,13,"D_STEP79", 1, 2, 0);
	T = trans[3][27] = settr(1779,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1779,0,10,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1779,0,26,0,0,"IF", 0, 2, 0);
	trans[3][10]	= settr(1762,0,13,14,0,"((number==timerGeneration_))", 1, 2, 0);
/*->*/	trans[3][13]	= settr(1765,32,25,15,15,"D_STEP642", 1, 2, 0);
	T = trans[ 3][25] = settr(1777,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1777,0,23,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][23] = settr(1775,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1775,0,14,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1775,0,18,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1775,0,22,0,0,"IF", 0, 2, 0);
	trans[3][14]	= settr(1766,0,17,16,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][17]	= settr(1769,32,42,17,17,"D_STEP604", 1, 2, 0);
	trans[3][24]	= settr(1776,0,42,1,0,".(goto)", 0, 2, 0);
	trans[3][18]	= settr(1770,0,21,18,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][21]	= settr(1773,32,42,19,19,"D_STEP605", 1, 2, 0);
	trans[3][22]	= settr(1774,0,42,2,0,"else", 0, 2, 0);
	trans[3][28]	= settr(1780,0,42,1,0,".(goto)", 0, 2, 0);
	trans[3][26]	= settr(1778,0,42,2,0,"else", 0, 2, 0);
	T = trans[ 3][42] = settr(1794,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1794,0,41,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][41]	= settr(1793,32,44,20,20,"D_STEP84", 1, 503, 0);
	trans[3][44]	= settr(1796,0,230,21,21,"now = clock", 1, 2, 0);
	T = trans[ 3][230] = settr(1982,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1982,0,49,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 3][49] = settr(1801,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1801,0,48,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][48]	= settr(1800,32,92,22,22,"D_STEP79", 1, 2, 0);
	T = trans[3][92] = settr(1844,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1844,0,50,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1844,0,91,0,0,"IF", 0, 2, 0);
	trans[3][50]	= settr(1802,0,59,23,0,"(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))", 1, 2, 0);
	T = trans[ 3][59] = settr(1811,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1811,0,57,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][57] = settr(1809,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1809,0,51,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1809,0,53,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1809,0,55,0,0,"IF", 0, 2, 0);
	trans[3][51]	= settr(1803,0,52,24,0,"(deadline[0])", 1, 2, 0);
	trans[3][52]	= settr(1804,0,89,25,25,"head = 0", 0, 2, 0);
	trans[3][58]	= settr(1810,0,89,1,0,".(goto)", 0, 2, 0);
	trans[3][53]	= settr(1805,0,54,26,0,"(deadline[1])", 1, 2, 0);
	trans[3][54]	= settr(1806,0,89,27,27,"head = 1", 0, 2, 0);
	trans[3][55]	= settr(1807,0,56,28,0,"(deadline[2])", 1, 2, 0);
	trans[3][56]	= settr(1808,0,89,29,29,"head = 2", 0, 2, 0);
	T = trans[ 3][89] = settr(1841,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1841,0,81,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][81]	= settr(1833,32,87,30,30,"D_STEP546", 1, 504, 503);
	T = trans[3][87] = settr(1839,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1839,0,82,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1839,0,86,0,0,"IF", 0, 2, 0);
	trans[3][82]	= settr(1834,0,85,31,31,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[3][85]	= settr(1837,32,90,32,32,"D_STEP569", 1, 2, 0);
	trans[3][88]	= settr(1840,0,90,1,0,".(goto)", 0, 2, 0); /* m: 90 -> 0,96 */
	reached3[90] = 1;
	trans[3][86]	= settr(1838,0,90,2,0,"else", 0, 2, 0);
	trans[3][90]	= settr(1842,0,96,33,33,"head = 0", 0, 2, 0);
	trans[3][93]	= settr(1845,0,96,1,0,".(goto)", 0, 2, 0);
	trans[3][91]	= settr(1843,0,96,2,0,"else", 0, 2, 0);
/*->*/	trans[3][96]	= settr(1848,32,156,34,34,"D_STEP362", 1, 2, 0);
	T = trans[3][156] = settr(1908,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1908,0,97,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1908,0,155,0,0,"IF", 0, 2, 0);
	trans[3][97]	= settr(1849,0,154,35,0,"(!(more))", 0, 2, 0);
	T = trans[ 3][154] = settr(1906,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1906,0,150,0,0,"sub-sequence", 0, 2, 0);
	trans[3][151]	= settr(1903,0,150,1,0,".(goto)", 0, 2, 0);
	T = trans[3][150] = settr(1902,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1902,0,98,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1902,0,148,0,0,"DO", 0, 2, 0);
	trans[3][98]	= settr(1850,0,104,36,0,"((len(queue_)!=0))", 1, 2, 0);
/*->*/	trans[3][104]	= settr(1856,32,146,37,37,"D_STEP511", 1, 503, 0);
	T = trans[3][146] = settr(1898,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1898,0,105,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1898,0,143,0,0,"IF", 0, 2, 0);
	trans[3][105]	= settr(1857,0,111,38,38,"(done)", 0, 2, 0);
/*->*/	trans[3][111]	= settr(1863,32,141,39,39,"D_STEP524", 1, 2, 0);
	T = trans[ 3][141] = settr(1893,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1893,0,133,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][133]	= settr(1885,32,139,40,40,"D_STEP546", 1, 504, 503);
	T = trans[3][139] = settr(1891,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1891,0,134,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1891,0,138,0,0,"IF", 0, 2, 0);
	trans[3][134]	= settr(1886,0,137,41,41,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[3][137]	= settr(1889,32,142,42,42,"D_STEP569", 1, 2, 0);
	trans[3][140]	= settr(1892,0,142,1,0,".(goto)", 0, 2, 0); /* m: 142 -> 0,150 */
	reached3[142] = 1;
	trans[3][138]	= settr(1890,0,142,2,0,"else", 0, 2, 0);
	trans[3][142]	= settr(1894,0,150,43,43,"head = 0", 0, 2, 0);
	trans[3][147]	= settr(1899,0,150,1,0,".(goto)", 0, 2, 0);
	trans[3][143]	= settr(1895,0,144,2,0,"else", 0, 2, 0);
	trans[3][144]	= settr(1896,0,153,44,44,"head = 0", 0, 2, 0);
	trans[3][145]	= settr(1897,0,153,1,0,"goto :b25", 0, 2, 0);
	trans[3][148]	= settr(1900,0,153,2,0,"else", 0, 2, 0);
	trans[3][149]	= settr(1901,0,153,1,0,"goto :b25", 0, 2, 0);
	trans[3][152]	= settr(1904,0,153,1,0,"break", 0, 2, 0);
	trans[3][153]	= settr(1905,0,215,1,0,"(1)", 0, 2, 0);
	trans[3][157]	= settr(1909,0,215,1,0,".(goto)", 0, 2, 0);
	trans[3][155]	= settr(1907,0,215,2,0,"else", 0, 2, 0);
	T = trans[ 3][215] = settr(1967,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1967,0,212,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][212] = settr(1964,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1964,0,158,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1964,0,172,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1964,0,186,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1964,0,199,0,0,"IF", 0, 2, 0);
	trans[3][158]	= settr(1910,0,159,45,0,"(((deadline[0]||deadline[1])||deadline[2]))", 1, 2, 0);
	trans[3][159]	= settr(1911,0,171,46,46,"tends = (tends||!(timerAt_))", 1, 2, 0);
	T = trans[ 3][171] = settr(1923,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1923,0,169,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][169] = settr(1921,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1921,0,160,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1921,0,164,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1921,0,168,0,0,"IF", 0, 2, 0);
	trans[3][160]	= settr(1912,0,163,47,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][163]	= settr(1915,32,214,48,48,"D_STEP604", 1, 2, 0);
	trans[3][170]	= settr(1922,0,214,1,0,".(goto)", 0, 2, 0); /* m: 214 -> 0,229 */
	reached3[214] = 1;
	trans[3][164]	= settr(1916,0,167,49,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][167]	= settr(1919,32,214,50,50,"D_STEP605", 1, 2, 0);
	trans[3][168]	= settr(1920,0,214,2,0,"else", 0, 2, 0);
	trans[3][213]	= settr(1965,0,214,1,0,".(goto)", 0, 2, 0); /* m: 214 -> 0,229 */
	reached3[214] = 1;
	trans[3][172]	= settr(1924,0,173,51,51,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))", 1, 2, 0);
	trans[3][173]	= settr(1925,0,185,52,52,"tends = 1", 0, 2, 0);
	T = trans[ 3][185] = settr(1937,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1937,0,183,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][183] = settr(1935,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1935,0,174,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1935,0,178,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1935,0,182,0,0,"IF", 0, 2, 0);
	trans[3][174]	= settr(1926,0,177,53,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][177]	= settr(1929,32,214,54,54,"D_STEP604", 1, 2, 0);
	trans[3][184]	= settr(1936,0,214,1,0,".(goto)", 0, 2, 0); /* m: 214 -> 0,229 */
	reached3[214] = 1;
	trans[3][178]	= settr(1930,0,181,55,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][181]	= settr(1933,32,214,56,56,"D_STEP605", 1, 2, 0);
	trans[3][182]	= settr(1934,0,214,2,0,"else", 0, 2, 0);
	trans[3][186]	= settr(1938,0,198,57,57,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))", 1, 2, 0);
	T = trans[ 3][198] = settr(1950,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1950,0,196,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][196] = settr(1948,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1948,0,187,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1948,0,191,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1948,0,195,0,0,"IF", 0, 2, 0);
	trans[3][187]	= settr(1939,0,190,58,0,"((1&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][190]	= settr(1942,32,214,59,59,"D_STEP604", 1, 2, 0);
	trans[3][197]	= settr(1949,0,214,1,0,".(goto)", 0, 2, 0); /* m: 214 -> 0,229 */
	reached3[214] = 1;
	trans[3][191]	= settr(1943,0,194,60,0,"((!(1)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][194]	= settr(1946,32,214,61,61,"D_STEP605", 1, 2, 0);
	trans[3][195]	= settr(1947,0,214,2,0,"else", 0, 2, 0);
	trans[3][199]	= settr(1951,0,211,62,0,"((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))", 1, 2, 0);
	T = trans[ 3][211] = settr(1963,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1963,0,209,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][209] = settr(1961,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1961,0,200,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1961,0,204,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1961,0,208,0,0,"IF", 0, 2, 0);
	trans[3][200]	= settr(1952,0,203,63,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][203]	= settr(1955,32,214,64,64,"D_STEP604", 1, 2, 0);
	trans[3][210]	= settr(1962,0,214,1,0,".(goto)", 0, 2, 0); /* m: 214 -> 0,229 */
	reached3[214] = 1;
	trans[3][204]	= settr(1956,0,207,65,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][207]	= settr(1959,32,214,66,66,"D_STEP605", 1, 2, 0);
	trans[3][208]	= settr(1960,0,214,2,0,"else", 0, 2, 0);
	trans[3][214]	= settr(1966,0,229,67,67,"begins = 0", 0, 2, 0);
	T = trans[ 3][229] = settr(1981,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1981,0,228,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][228]	= settr(1980,32,234,68,68,"D_STEP84", 1, 503, 0);
	T = trans[3][234] = settr(1986,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1986,0,231,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1986,0,233,0,0,"IF", 0, 2, 0);
	trans[3][231]	= settr(1983,0,371,69,69,"(more)", 0, 2, 0); /* m: 232 -> 371,0 */
	reached3[232] = 1;
	trans[3][232]	= settr(0,0,0,0,0,"tends = 0",0,0,0);
	trans[3][235]	= settr(1987,0,371,1,0,".(goto)", 0, 2, 0);
	trans[3][233]	= settr(1985,0,371,2,0,"else", 0, 2, 0);
	T = trans[ 3][371] = settr(2123,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2123,0,352,0,0,"sub-sequence", 0, 2, 0);
	trans[3][353]	= settr(2105,0,352,1,0,".(goto)", 0, 2, 0);
	T = trans[3][352] = settr(2104,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2104,0,236,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2104,0,242,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2104,0,248,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2104,0,254,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(2104,0,260,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(2104,0,350,0,0,"DO", 0, 2, 0);
	trans[3][236]	= settr(1988,0,241,70,0,"((ready&1))", 0, 2, 0);
	T = trans[ 3][241] = settr(1993,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1993,0,240,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][240]	= settr(1992,32,352,71,71,"D_STEP29", 1, 2, 0);
	trans[3][242]	= settr(1994,0,247,72,0,"((ready&2))", 0, 2, 0);
	T = trans[ 3][247] = settr(1999,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1999,0,246,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][246]	= settr(1998,32,352,73,73,"D_STEP29", 1, 2, 0);
	trans[3][248]	= settr(2000,0,253,74,0,"((ready&4))", 0, 2, 0);
	T = trans[ 3][253] = settr(2005,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2005,0,252,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][252]	= settr(2004,32,352,75,75,"D_STEP29", 1, 2, 0);
	trans[3][254]	= settr(2006,0,259,76,0,"((ready&8))", 0, 2, 0);
	T = trans[ 3][259] = settr(2011,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2011,0,258,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][258]	= settr(2010,32,352,77,77,"D_STEP29", 1, 2, 0);
	trans[3][260]	= settr(2012,0,349,78,78,"(((ready==0)&&tends))", 0, 2, 0); /* m: 261 -> 349,0 */
	reached3[261] = 1;
	trans[3][261]	= settr(0,0,0,0,0,"tends = 0",0,0,0);
	T = trans[ 3][349] = settr(2101,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2101,0,266,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][266]	= settr(2018,32,346,79,79,"D_STEP67", 1, 2, 0);
	T = trans[3][346] = settr(2098,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2098,0,267,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2098,0,345,0,0,"IF", 0, 2, 0);
	trans[3][267]	= settr(2019,0,342,80,80,"(done)", 0, 2, 0); /* m: 268 -> 342,0 */
	reached3[268] = 1;
	trans[3][268]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[3][343]	= settr(2095,0,342,1,0,".(goto)", 0, 2, 0);
	T = trans[3][342] = settr(2094,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(2094,0,332,0,0,"DO", 0, 2, 0);
	T = trans[ 3][332] = settr(2084,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2084,0,320,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 3][320] = settr(2072,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2072,0,273,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 3][273] = settr(2025,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2025,0,272,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][272]	= settr(2024,32,276,81,81,"D_STEP79", 1, 2, 0);
/*->*/	trans[3][276]	= settr(2028,32,277,82,82,"D_STEP613", 1, 2, 0);
	trans[3][277]	= settr(2029,0,283,83,83,"requested_ = 0", 1, 2, 0);
	T = trans[3][283] = settr(2035,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2035,0,278,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2035,0,280,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2035,0,282,0,0,"IF", 0, 2, 0);
	trans[3][278]	= settr(2030,0,279,84,84,"((done&&timerAt_))", 1, 2, 0);
	trans[3][279]	= settr(2031,0,304,85,85,"done = 0", 0, 2, 0);
	trans[3][284]	= settr(2036,0,304,1,0,".(goto)", 0, 2, 0);
	trans[3][280]	= settr(2032,0,281,86,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[3][281]	= settr(2033,0,304,87,87,"more = 1", 0, 2, 0);
	trans[3][282]	= settr(2034,0,304,2,0,"else", 0, 2, 0);
	T = trans[3][304] = settr(2056,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2056,0,285,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2056,0,303,0,0,"IF", 0, 2, 0);
	trans[3][285]	= settr(2037,0,290,88,0,"((done||more))", 0, 2, 0);
/*->*/	trans[3][290]	= settr(2042,32,302,89,89,"D_STEP622", 1, 2, 0);
	T = trans[ 3][302] = settr(2054,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2054,0,300,0,0,"sub-sequence", 0, 2, 0);
	T = trans[3][300] = settr(2052,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2052,0,291,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2052,0,295,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2052,0,299,0,0,"IF", 0, 2, 0);
	trans[3][291]	= settr(2043,0,294,90,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[3][294]	= settr(2046,32,319,91,91,"D_STEP604", 1, 2, 0);
	trans[3][301]	= settr(2053,0,319,1,0,".(goto)", 0, 2, 0);
	trans[3][295]	= settr(2047,0,298,92,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[3][298]	= settr(2050,32,319,93,93,"D_STEP605", 1, 2, 0);
	trans[3][299]	= settr(2051,0,319,2,0,"else", 0, 2, 0);
	trans[3][305]	= settr(2057,0,319,1,0,".(goto)", 0, 2, 0);
	trans[3][303]	= settr(2055,0,319,2,0,"else", 0, 2, 0);
	T = trans[ 3][319] = settr(2071,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2071,0,318,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][318]	= settr(2070,32,326,94,94,"D_STEP84", 1, 503, 0);
	T = trans[3][326] = settr(2078,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2078,0,321,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2078,0,323,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2078,0,325,0,0,"IF", 0, 2, 0);
	trans[3][321]	= settr(2073,0,322,95,95,"(done)", 0, 2, 0);
	trans[3][322]	= settr(2074,0,331,96,96,"timer = (generation+1)", 1, 2, 0);
	trans[3][327]	= settr(2079,0,331,1,0,".(goto)", 0, 2, 0);
	trans[3][323]	= settr(2075,0,324,97,97,"(more)", 0, 2, 0);
	trans[3][324]	= settr(2076,0,331,98,98,"timer = 0", 1, 2, 0);
	trans[3][325]	= settr(2077,0,331,2,0,"else", 0, 2, 0);
/*->*/	trans[3][331]	= settr(2083,32,336,99,99,"D_STEP89", 0, 2, 0);
/*->*/	trans[3][336]	= settr(2088,32,340,100,100,"D_STEP73", 1, 2, 0);
	T = trans[3][340] = settr(2092,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2092,0,337,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2092,0,339,0,0,"IF", 0, 2, 0);
	trans[3][337]	= settr(2089,0,352,101,101,"((index==0))", 0, 2, 0); /* m: 348 -> 352,0 */
	reached3[348] = 1;
	trans[3][338]	= settr(2090,0,348,1,0,"goto :b27", 0, 2, 0); /* m: 348 -> 0,352 */
	reached3[348] = 1;
	trans[3][341]	= settr(2093,0,342,1,0,".(goto)", 0, 2, 0);
	trans[3][339]	= settr(2091,0,342,2,0,"else", 0, 2, 0);
	trans[3][344]	= settr(2096,0,348,1,0,"break", 0, 2, 0);
	trans[3][347]	= settr(2099,0,348,1,0,".(goto)", 0, 2, 0); /* m: 348 -> 0,352 */
	reached3[348] = 1;
	trans[3][345]	= settr(2097,0,348,2,0,"else", 0, 2, 0);
	trans[3][348]	= settr(2100,0,352,102,102,"index = 0", 0, 2, 0);
	trans[3][350]	= settr(2102,0,369,103,0,"(((ready==0)&&!(tends)))", 0, 2, 0);
	trans[3][351]	= settr(2103,0,369,1,0,"goto :b26", 0, 2, 0);
	trans[3][354]	= settr(2106,0,369,1,0,"break", 0, 2, 0);
	T = trans[3][369] = settr(2121,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2121,0,355,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2121,0,368,0,0,"IF", 0, 2, 0);
	trans[3][355]	= settr(2107,0,367,104,104,"(lastOut)", 0, 2, 0); /* m: 356 -> 367,0 */
	reached3[356] = 1;
	trans[3][356]	= settr(0,0,0,0,0,"lastOut = 0",0,0,0);
	T = trans[ 3][367] = settr(2119,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(2119,0,366,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[3][366]	= settr(2118,32,377,105,105,"D_STEP14", 1, 2, 0);
	trans[3][370]	= settr(2122,0,377,1,0,".(goto)", 0, 2, 0);
	trans[3][368]	= settr(2120,0,377,2,0,"else", 0, 2, 0);
	T = trans[3][377] = settr(2129,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(2129,0,373,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(2129,0,375,0,0,"IF", 0, 2, 0);
	trans[3][373]	= settr(2125,0,379,106,106,"(more)", 0, 2, 0); /* m: 374 -> 379,0 */
	reached3[374] = 1;
	trans[3][374]	= settr(0,0,0,0,0,"more = 0",0,0,0);
	trans[3][378]	= settr(2130,0,379,1,0,".(goto)", 0, 2, 0);
	trans[3][375]	= settr(2127,0,382,2,0,"else", 0, 2, 0);
	trans[3][376]	= settr(2128,0,382,1,0,"goto :b24", 0, 2, 0); /* m: 382 -> 0,386 */
	reached3[382] = 1;
	trans[3][381]	= settr(2133,0,382,1,0,"break", 0, 2, 0);
	trans[3][382]	= settr(2134,0,386,107,107,"now = 0", 0, 2, 0); /* m: 383 -> 0,386 */
	reached3[383] = 1;
	trans[3][383]	= settr(0,0,0,0,0,"number = 0",0,0,0);
	trans[3][384]	= settr(2136,0,389,108,0,"(((ended==3)&&((timer==0)||(clock==0))))", 1, 2, 0);
	trans[3][385]	= settr(2137,0,389,1,0,"goto :b23", 0, 2, 0);
	trans[3][388]	= settr(2140,0,389,1,0,"break", 0, 2, 0);
	trans[3][389]	= settr(2141,0,0,109,109,"-end-", 0, 3500, 0);

	/* proctype 2: Clock */

	trans[2] = (Trans **) emalloc(6*sizeof(Trans *));

	T = trans[2][3] = settr(1750,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1750,0,1,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1750,0,2,0,0,"IF", 0, 2, 0);
	trans[2][1]	= settr(1748,0,5,110,110,"clock = 1", 1, 2, 0);
	trans[2][4]	= settr(1751,0,5,1,0,".(goto)", 0, 2, 0);
	trans[2][2]	= settr(1749,0,5,1,0,"(1)", 0, 2, 0);
	trans[2][5]	= settr(1752,0,0,111,111,"-end-", 0, 3500, 0);

	/* proctype 1: Controller */

	trans[1] = (Trans **) emalloc(397*sizeof(Trans *));

	trans[1][394]	= settr(1745,0,393,1,0,".(goto)", 0, 2, 0);
	T = trans[1][393] = settr(1744,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1744,0,1,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1744,0,391,0,0,"DO", 0, 2, 0);
	trans[1][1]	= settr(1352,0,10,112,0,"((changes<=1))", 0, 2, 0);
	T = trans[1][10] = settr(1361,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1361,0,2,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1361,0,4,0,0,"IF", 0, 2, 0);
	trans[1][2]	= settr(1353,0,13,113,113,"((changes==1))", 0, 2, 0); /* m: 3 -> 13,0 */
	reached1[3] = 1;
	trans[1][3]	= settr(0,0,0,0,0,"permits = 2",0,0,0);
	trans[1][11]	= settr(1362,0,12,1,0,".(goto)", 0, 2, 0); /* m: 12 -> 0,13 */
	reached1[12] = 1;
	trans[1][4]	= settr(1355,0,8,114,0,"((changes<1))", 0, 2, 0);
	T = trans[1][8] = settr(1359,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1359,0,5,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1359,0,6,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1359,0,7,0,0,"IF", 0, 2, 0);
	trans[1][5]	= settr(1356,0,13,115,115,"permits = 0", 0, 2, 0); /* m: 12 -> 0,13 */
	reached1[12] = 1;
	trans[1][9]	= settr(1360,0,12,1,0,".(goto)", 0, 2, 0); /* m: 12 -> 0,13 */
	reached1[12] = 1;
	trans[1][6]	= settr(1357,0,13,116,116,"permits = 1", 0, 2, 0); /* m: 12 -> 0,13 */
	reached1[12] = 1;
	trans[1][7]	= settr(1358,0,13,117,117,"permits = 3", 0, 2, 0); /* m: 12 -> 0,13 */
	reached1[12] = 1;
	trans[1][12]	= settr(1363,0,13,118,118,"changes = (changes+1)", 0, 2, 0);
	trans[1][13]	= settr(1364,0,17,119,119,"now = clock", 1, 2, 0);
	T = trans[ 1][17] = settr(1368,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1368,0,16,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][16]	= settr(1367,32,241,120,120,"D_STEP10", 1, 2, 0);
	T = trans[ 1][241] = settr(1592,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1592,0,22,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][22] = settr(1373,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1373,0,21,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][21]	= settr(1372,32,25,121,121,"D_STEP79", 1, 2, 0);
/*->*/	trans[1][25]	= settr(1376,32,58,122,122,"D_STEP425", 1, 2, 0);
	T = trans[ 1][58] = settr(1409,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1409,0,29,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][29]	= settr(1380,32,32,123,123,"D_STEP435", 1, 2, 0);
/*->*/	trans[1][32]	= settr(1383,32,54,124,124,"D_STEP443", 1, 2, 0);
	trans[1][55]	= settr(1406,0,54,1,0,".(goto)", 0, 2, 0);
	T = trans[1][54] = settr(1405,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1405,0,34,0,0,"DO", 0, 2, 0);
	T = trans[ 1][34] = settr(1385,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(1385,2,33,0,0,"ATOMIC", 0, 2, 0);
	trans[1][33]	= settr(1384,0,47,125,125,"next = ((word&~(48))|((word+16)&48))", 0, 2, 0);
/*->*/	trans[1][47]	= settr(1398,32,52,126,126,"D_STEP446", 1, 2, 0);
	T = trans[1][52] = settr(1403,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1403,0,48,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1403,0,51,0,0,"IF", 0, 2, 0);
	trans[1][48]	= settr(1399,0,57,127,127,"(done)", 0, 2, 0); /* m: 49 -> 57,0 */
	reached1[49] = 1;
	trans[1][49]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[1][50]	= settr(1401,0,57,1,0,"goto :b18", 0, 2, 0);
	trans[1][53]	= settr(1404,0,54,1,0,".(goto)", 0, 2, 0);
	trans[1][51]	= settr(1402,0,54,2,0,"else", 0, 2, 0);
	trans[1][56]	= settr(1407,0,57,1,0,"break", 0, 2, 0);
	trans[1][57]	= settr(1408,0,168,1,0,"(1)", 0, 2, 0);
	T = trans[ 1][168] = settr(1519,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1519,0,166,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][166] = settr(1517,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1517,0,59,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1517,0,165,0,0,"IF", 0, 2, 0);
	trans[1][59]	= settr(1410,0,107,128,0,"(((queued_!=0)||(len(drains_)!=0)))", 1, 2, 0);
	T = trans[ 1][107] = settr(1458,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1458,0,103,0,0,"sub-sequence", 0, 2, 0);
	trans[1][104]	= settr(1455,0,103,1,0,".(goto)", 0, 2, 0);
	T = trans[1][103] = settr(1454,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1454,0,60,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1454,0,101,0,0,"DO", 0, 2, 0);
	trans[1][60]	= settr(1411,0,69,129,0,"(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))", 1, 2, 0);
	T = trans[ 1][69] = settr(1420,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1420,0,67,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][67] = settr(1418,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1418,0,61,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1418,0,63,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1418,0,65,0,0,"IF", 0, 2, 0);
	trans[1][61]	= settr(1412,0,62,130,0,"(deadline[0])", 1, 2, 0);
	trans[1][62]	= settr(1413,0,99,131,131,"head = 0", 0, 2, 0);
	trans[1][68]	= settr(1419,0,99,1,0,".(goto)", 0, 2, 0);
	trans[1][63]	= settr(1414,0,64,132,0,"(deadline[1])", 1, 2, 0);
	trans[1][64]	= settr(1415,0,99,133,133,"head = 1", 0, 2, 0);
	trans[1][65]	= settr(1416,0,66,134,0,"(deadline[2])", 1, 2, 0);
	trans[1][66]	= settr(1417,0,99,135,135,"head = 2", 0, 2, 0);
	T = trans[ 1][99] = settr(1450,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1450,0,91,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][91]	= settr(1442,32,97,136,136,"D_STEP546", 1, 504, 503);
	T = trans[1][97] = settr(1448,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1448,0,92,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1448,0,96,0,0,"IF", 0, 2, 0);
	trans[1][92]	= settr(1443,0,95,137,137,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[1][95]	= settr(1446,32,100,138,138,"D_STEP569", 1, 2, 0);
	trans[1][98]	= settr(1449,0,100,1,0,".(goto)", 0, 2, 0); /* m: 100 -> 0,103 */
	reached1[100] = 1;
	trans[1][96]	= settr(1447,0,100,2,0,"else", 0, 2, 0);
	trans[1][100]	= settr(1451,0,103,139,139,"head = 0", 0, 2, 0);
	trans[1][101]	= settr(1452,0,106,2,0,"else", 0, 2, 0);
	trans[1][102]	= settr(1453,0,106,1,0,"goto :b19", 0, 2, 0);
	trans[1][105]	= settr(1456,0,106,1,0,"break", 0, 2, 0);
	trans[1][106]	= settr(1457,0,164,140,140,"slicing = 0", 1, 2, 0);
	T = trans[ 1][164] = settr(1515,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1515,0,160,0,0,"sub-sequence", 0, 2, 0);
	trans[1][161]	= settr(1512,0,160,1,0,".(goto)", 0, 2, 0);
	T = trans[1][160] = settr(1511,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1511,0,108,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1511,0,158,0,0,"DO", 0, 2, 0);
	trans[1][108]	= settr(1459,0,114,141,0,"((len(queue_)!=0))", 1, 2, 0);
/*->*/	trans[1][114]	= settr(1465,32,156,142,142,"D_STEP511", 1, 503, 0);
	T = trans[1][156] = settr(1507,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1507,0,115,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1507,0,153,0,0,"IF", 0, 2, 0);
	trans[1][115]	= settr(1466,0,121,143,143,"(done)", 0, 2, 0);
/*->*/	trans[1][121]	= settr(1472,32,151,144,144,"D_STEP524", 1, 2, 0);
	T = trans[ 1][151] = settr(1502,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1502,0,143,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][143]	= settr(1494,32,149,145,145,"D_STEP546", 1, 504, 503);
	T = trans[1][149] = settr(1500,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1500,0,144,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1500,0,148,0,0,"IF", 0, 2, 0);
	trans[1][144]	= settr(1495,0,147,146,146,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[1][147]	= settr(1498,32,152,147,147,"D_STEP569", 1, 2, 0);
	trans[1][150]	= settr(1501,0,152,1,0,".(goto)", 0, 2, 0); /* m: 152 -> 0,160 */
	reached1[152] = 1;
	trans[1][148]	= settr(1499,0,152,2,0,"else", 0, 2, 0);
	trans[1][152]	= settr(1503,0,160,148,148,"head = 0", 0, 2, 0);
	trans[1][157]	= settr(1508,0,160,1,0,".(goto)", 0, 2, 0);
	trans[1][153]	= settr(1504,0,154,2,0,"else", 0, 2, 0);
	trans[1][154]	= settr(1505,0,163,149,149,"head = 0", 0, 2, 0);
	trans[1][155]	= settr(1506,0,163,1,0,"goto :b20", 0, 2, 0);
	trans[1][158]	= settr(1509,0,163,2,0,"else", 0, 2, 0);
	trans[1][159]	= settr(1510,0,163,1,0,"goto :b20", 0, 2, 0);
	trans[1][162]	= settr(1513,0,163,1,0,"break", 0, 2, 0);
	trans[1][163]	= settr(1514,0,226,1,0,"(1)", 0, 2, 0);
	trans[1][167]	= settr(1518,0,226,1,0,".(goto)", 0, 2, 0);
	trans[1][165]	= settr(1516,0,226,2,0,"else", 0, 2, 0);
	T = trans[ 1][226] = settr(1577,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1577,0,223,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][223] = settr(1574,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1574,0,169,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1574,0,183,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1574,0,197,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1574,0,210,0,0,"IF", 0, 2, 0);
	trans[1][169]	= settr(1520,0,170,150,0,"(((deadline[0]||deadline[1])||deadline[2]))", 1, 2, 0);
	trans[1][170]	= settr(1521,0,182,151,151,"tends = (tends||!(timerAt_))", 1, 2, 0);
	T = trans[ 1][182] = settr(1533,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1533,0,180,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][180] = settr(1531,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1531,0,171,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1531,0,175,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1531,0,179,0,0,"IF", 0, 2, 0);
	trans[1][171]	= settr(1522,0,174,152,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[1][174]	= settr(1525,32,225,153,153,"D_STEP604", 1, 2, 0);
	trans[1][181]	= settr(1532,0,225,1,0,".(goto)", 0, 2, 0); /* m: 225 -> 0,240 */
	reached1[225] = 1;
	trans[1][175]	= settr(1526,0,178,154,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[1][178]	= settr(1529,32,225,155,155,"D_STEP605", 1, 2, 0);
	trans[1][179]	= settr(1530,0,225,2,0,"else", 0, 2, 0);
	trans[1][224]	= settr(1575,0,225,1,0,".(goto)", 0, 2, 0); /* m: 225 -> 0,240 */
	reached1[225] = 1;
	trans[1][183]	= settr(1534,0,184,156,156,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))", 1, 2, 0);
	trans[1][184]	= settr(1535,0,196,157,157,"tends = 1", 0, 2, 0);
	T = trans[ 1][196] = settr(1547,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1547,0,194,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][194] = settr(1545,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1545,0,185,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1545,0,189,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1545,0,193,0,0,"IF", 0, 2, 0);
	trans[1][185]	= settr(1536,0,188,158,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[1][188]	= settr(1539,32,225,159,159,"D_STEP604", 1, 2, 0);
	trans[1][195]	= settr(1546,0,225,1,0,".(goto)", 0, 2, 0); /* m: 225 -> 0,240 */
	reached1[225] = 1;
	trans[1][189]	= settr(1540,0,192,160,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[1][192]	= settr(1543,32,225,161,161,"D_STEP605", 1, 2, 0);
	trans[1][193]	= settr(1544,0,225,2,0,"else", 0, 2, 0);
	trans[1][197]	= settr(1548,0,209,162,162,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))", 1, 2, 0);
	T = trans[ 1][209] = settr(1560,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1560,0,207,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][207] = settr(1558,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1558,0,198,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1558,0,202,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1558,0,206,0,0,"IF", 0, 2, 0);
	trans[1][198]	= settr(1549,0,201,163,0,"((1&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[1][201]	= settr(1552,32,225,164,164,"D_STEP604", 1, 2, 0);
	trans[1][208]	= settr(1559,0,225,1,0,".(goto)", 0, 2, 0); /* m: 225 -> 0,240 */
	reached1[225] = 1;
	trans[1][202]	= settr(1553,0,205,165,0,"((!(1)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[1][205]	= settr(1556,32,225,166,166,"D_STEP605", 1, 2, 0);
	trans[1][206]	= settr(1557,0,225,2,0,"else", 0, 2, 0);
	trans[1][210]	= settr(1561,0,222,167,0,"((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))", 1, 2, 0);
	T = trans[ 1][222] = settr(1573,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1573,0,220,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][220] = settr(1571,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1571,0,211,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1571,0,215,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1571,0,219,0,0,"IF", 0, 2, 0);
	trans[1][211]	= settr(1562,0,214,168,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[1][214]	= settr(1565,32,225,169,169,"D_STEP604", 1, 2, 0);
	trans[1][221]	= settr(1572,0,225,1,0,".(goto)", 0, 2, 0); /* m: 225 -> 0,240 */
	reached1[225] = 1;
	trans[1][215]	= settr(1566,0,218,170,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[1][218]	= settr(1569,32,225,171,171,"D_STEP605", 1, 2, 0);
	trans[1][219]	= settr(1570,0,225,2,0,"else", 0, 2, 0);
	trans[1][225]	= settr(1576,0,240,172,172,"begins = 0", 0, 2, 0);
	T = trans[ 1][240] = settr(1591,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1591,0,239,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][239]	= settr(1590,32,242,173,173,"D_STEP84", 1, 503, 0);
	trans[1][242]	= settr(1593,0,378,174,174,"permits = 0", 0, 2, 0);
	T = trans[ 1][378] = settr(1729,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1729,0,359,0,0,"sub-sequence", 0, 2, 0);
	trans[1][360]	= settr(1711,0,359,1,0,".(goto)", 0, 2, 0);
	T = trans[1][359] = settr(1710,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1710,0,243,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1710,0,249,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1710,0,255,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1710,0,261,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1710,0,267,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1710,0,357,0,0,"DO", 0, 2, 0);
	trans[1][243]	= settr(1594,0,248,175,0,"((ready&1))", 0, 2, 0);
	T = trans[ 1][248] = settr(1599,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1599,0,247,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][247]	= settr(1598,32,359,176,176,"D_STEP29", 1, 2, 0);
	trans[1][249]	= settr(1600,0,254,177,0,"((ready&2))", 0, 2, 0);
	T = trans[ 1][254] = settr(1605,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1605,0,253,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][253]	= settr(1604,32,359,178,178,"D_STEP29", 1, 2, 0);
	trans[1][255]	= settr(1606,0,260,179,0,"((ready&4))", 0, 2, 0);
	T = trans[ 1][260] = settr(1611,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1611,0,259,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][259]	= settr(1610,32,359,180,180,"D_STEP29", 1, 2, 0);
	trans[1][261]	= settr(1612,0,266,181,0,"((ready&8))", 0, 2, 0);
	T = trans[ 1][266] = settr(1617,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1617,0,265,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][265]	= settr(1616,32,359,182,182,"D_STEP29", 1, 2, 0);
	trans[1][267]	= settr(1618,0,356,183,183,"(((ready==0)&&tends))", 0, 2, 0); /* m: 268 -> 356,0 */
	reached1[268] = 1;
	trans[1][268]	= settr(0,0,0,0,0,"tends = 0",0,0,0);
	T = trans[ 1][356] = settr(1707,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1707,0,273,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][273]	= settr(1624,32,353,184,184,"D_STEP67", 1, 2, 0);
	T = trans[1][353] = settr(1704,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1704,0,274,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1704,0,352,0,0,"IF", 0, 2, 0);
	trans[1][274]	= settr(1625,0,349,185,185,"(done)", 0, 2, 0); /* m: 275 -> 349,0 */
	reached1[275] = 1;
	trans[1][275]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[1][350]	= settr(1701,0,349,1,0,".(goto)", 0, 2, 0);
	T = trans[1][349] = settr(1700,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1700,0,339,0,0,"DO", 0, 2, 0);
	T = trans[ 1][339] = settr(1690,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1690,0,327,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][327] = settr(1678,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1678,0,280,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 1][280] = settr(1631,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1631,0,279,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][279]	= settr(1630,32,283,186,186,"D_STEP79", 1, 2, 0);
/*->*/	trans[1][283]	= settr(1634,32,284,187,187,"D_STEP613", 1, 2, 0);
	trans[1][284]	= settr(1635,0,290,188,188,"requested_ = 0", 1, 2, 0);
	T = trans[1][290] = settr(1641,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1641,0,285,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1641,0,287,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1641,0,289,0,0,"IF", 0, 2, 0);
	trans[1][285]	= settr(1636,0,286,189,189,"((done&&timerAt_))", 1, 2, 0);
	trans[1][286]	= settr(1637,0,311,190,190,"done = 0", 0, 2, 0);
	trans[1][291]	= settr(1642,0,311,1,0,".(goto)", 0, 2, 0);
	trans[1][287]	= settr(1638,0,288,191,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[1][288]	= settr(1639,0,311,192,192,"more = 1", 0, 2, 0);
	trans[1][289]	= settr(1640,0,311,2,0,"else", 0, 2, 0);
	T = trans[1][311] = settr(1662,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1662,0,292,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1662,0,310,0,0,"IF", 0, 2, 0);
	trans[1][292]	= settr(1643,0,297,193,0,"((done||more))", 0, 2, 0);
/*->*/	trans[1][297]	= settr(1648,32,309,194,194,"D_STEP622", 1, 2, 0);
	T = trans[ 1][309] = settr(1660,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1660,0,307,0,0,"sub-sequence", 0, 2, 0);
	T = trans[1][307] = settr(1658,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1658,0,298,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1658,0,302,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1658,0,306,0,0,"IF", 0, 2, 0);
	trans[1][298]	= settr(1649,0,301,195,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[1][301]	= settr(1652,32,326,196,196,"D_STEP604", 1, 2, 0);
	trans[1][308]	= settr(1659,0,326,1,0,".(goto)", 0, 2, 0);
	trans[1][302]	= settr(1653,0,305,197,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[1][305]	= settr(1656,32,326,198,198,"D_STEP605", 1, 2, 0);
	trans[1][306]	= settr(1657,0,326,2,0,"else", 0, 2, 0);
	trans[1][312]	= settr(1663,0,326,1,0,".(goto)", 0, 2, 0);
	trans[1][310]	= settr(1661,0,326,2,0,"else", 0, 2, 0);
	T = trans[ 1][326] = settr(1677,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1677,0,325,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][325]	= settr(1676,32,333,199,199,"D_STEP84", 1, 503, 0);
	T = trans[1][333] = settr(1684,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1684,0,328,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1684,0,330,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1684,0,332,0,0,"IF", 0, 2, 0);
	trans[1][328]	= settr(1679,0,329,200,200,"(done)", 0, 2, 0);
	trans[1][329]	= settr(1680,0,338,201,201,"timer = (generation+1)", 1, 2, 0);
	trans[1][334]	= settr(1685,0,338,1,0,".(goto)", 0, 2, 0);
	trans[1][330]	= settr(1681,0,331,202,202,"(more)", 0, 2, 0);
	trans[1][331]	= settr(1682,0,338,203,203,"timer = 0", 1, 2, 0);
	trans[1][332]	= settr(1683,0,338,2,0,"else", 0, 2, 0);
/*->*/	trans[1][338]	= settr(1689,32,343,204,204,"D_STEP89", 0, 2, 0);
/*->*/	trans[1][343]	= settr(1694,32,347,205,205,"D_STEP73", 1, 2, 0);
	T = trans[1][347] = settr(1698,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1698,0,344,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1698,0,346,0,0,"IF", 0, 2, 0);
	trans[1][344]	= settr(1695,0,359,206,206,"((index==0))", 0, 2, 0); /* m: 355 -> 359,0 */
	reached1[355] = 1;
	trans[1][345]	= settr(1696,0,355,1,0,"goto :b22", 0, 2, 0); /* m: 355 -> 0,359 */
	reached1[355] = 1;
	trans[1][348]	= settr(1699,0,349,1,0,".(goto)", 0, 2, 0);
	trans[1][346]	= settr(1697,0,349,2,0,"else", 0, 2, 0);
	trans[1][351]	= settr(1702,0,355,1,0,"break", 0, 2, 0);
	trans[1][354]	= settr(1705,0,355,1,0,".(goto)", 0, 2, 0); /* m: 355 -> 0,359 */
	reached1[355] = 1;
	trans[1][352]	= settr(1703,0,355,2,0,"else", 0, 2, 0);
	trans[1][355]	= settr(1706,0,359,207,207,"index = 0", 0, 2, 0);
	trans[1][357]	= settr(1708,0,376,208,0,"(((ready==0)&&!(tends)))", 0, 2, 0);
	trans[1][358]	= settr(1709,0,376,1,0,"goto :b21", 0, 2, 0);
	trans[1][361]	= settr(1712,0,376,1,0,"break", 0, 2, 0);
	T = trans[1][376] = settr(1727,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1727,0,362,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1727,0,375,0,0,"IF", 0, 2, 0);
	trans[1][362]	= settr(1713,0,374,209,209,"(lastOut)", 0, 2, 0); /* m: 363 -> 374,0 */
	reached1[363] = 1;
	trans[1][363]	= settr(0,0,0,0,0,"lastOut = 0",0,0,0);
	T = trans[ 1][374] = settr(1725,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1725,0,373,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][373]	= settr(1724,32,389,210,210,"D_STEP14", 1, 2, 0);
	trans[1][377]	= settr(1728,0,389,1,0,".(goto)", 0, 2, 0);
	trans[1][375]	= settr(1726,0,389,2,0,"else", 0, 2, 0);
	T = trans[ 1][389] = settr(1740,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1740,0,388,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[1][388]	= settr(1739,32,390,211,211,"D_STEP14", 1, 2, 0);
	trans[1][390]	= settr(1741,0,393,212,212,"now = 0", 0, 2, 0);
	trans[1][391]	= settr(1742,0,396,2,0,"else", 0, 2, 0);
	trans[1][392]	= settr(1743,0,396,1,0,"goto :b17", 0, 2, 0);
	trans[1][395]	= settr(1746,0,396,1,0,"break", 0, 2, 0);
	trans[1][396]	= settr(1747,0,0,213,213,"-end-", 0, 3500, 0);

	/* proctype 0: Caller */

	trans[0] = (Trans **) emalloc(1353*sizeof(Trans *));

	trans[0][1349]	= settr(1348,0,1348,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1348] = settr(1347,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1347,0,1,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1347,0,3,0,0,"DO", 0, 2, 0);
	trans[0][1]	= settr(0,0,1351,214,214,"((calls==1))", 0, 2, 0);
	trans[0][2]	= settr(1,0,1351,1,0,"goto :b0", 0, 2, 0);
	trans[0][3]	= settr(2,0,7,215,215,"((calls<1))", 0, 2, 0); /* m: 4 -> 7,0 */
	reached0[4] = 1;
	trans[0][4]	= settr(0,0,0,0,0,"calls = (calls+1)",0,0,0);
/*->*/	trans[0][7]	= settr(6,32,8,216,216,"D_STEP80", 1, 2, 0);
	trans[0][8]	= settr(7,0,751,217,217,"mayWait = 1", 0, 2, 0);
	T = trans[ 0][751] = settr(750,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(750,0,9,0,0,"sub-sequence", 0, 2, 0);
	trans[0][9]	= settr(8,0,169,218,218,"result = 0", 0, 2, 0);
	T = trans[0][169] = settr(168,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(168,0,10,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(168,0,82,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(168,0,168,0,0,"IF", 0, 2, 0);
	trans[0][10]	= settr(9,0,81,219,219,"(((result==0)&&mayWait))", 0, 2, 0);
	T = trans[ 0][81] = settr(80,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(80,0,14,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][14]	= settr(13,32,75,220,220,"D_STEP155", 1, 2, 0);
	trans[0][76]	= settr(75,0,75,1,0,".(goto)", 0, 2, 0);
	T = trans[0][75] = settr(74,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(74,0,15,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(74,0,17,0,0,"DO", 0, 2, 0);
	trans[0][15]	= settr(14,0,80,221,0,"((result!=0))", 0, 2, 0);
	trans[0][16]	= settr(15,0,80,1,0,"goto :b1", 0, 2, 0);
	trans[0][17]	= settr(16,0,20,2,0,"else", 0, 2, 0);
/*->*/	trans[0][20]	= settr(19,32,73,222,222,"D_STEP159", 1, 2, 0);
	T = trans[0][73] = settr(72,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(72,0,21,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(72,0,42,0,0,"IF", 0, 2, 0);
	trans[0][21]	= settr(20,0,41,223,223,"(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))", 0, 2, 0);
	T = trans[ 0][41] = settr(40,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(40,0,40,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][40]	= settr(39,32,75,224,224,"D_STEP114", 1, 2, 0);
	trans[0][74]	= settr(73,0,75,1,0,".(goto)", 0, 2, 0);
	trans[0][42]	= settr(41,0,72,2,0,"else", 0, 2, 0);
	T = trans[ 0][72] = settr(71,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(71,0,70,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][70] = settr(69,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(69,0,43,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(69,0,45,0,0,"IF", 0, 2, 0);
	trans[0][43]	= settr(42,0,75,225,225,"(((word&4)!=0))", 0, 2, 0); /* m: 44 -> 75,0 */
	reached0[44] = 1;
	trans[0][44]	= settr(0,0,0,0,0,"result = Aborted",0,0,0);
	trans[0][71]	= settr(70,0,75,1,0,".(goto)", 0, 2, 0);
	trans[0][45]	= settr(44,0,55,2,0,"else", 0, 2, 0);
/*->*/	trans[0][55]	= settr(54,32,68,226,226,"D_STEP172", 1, 2, 0);
	T = trans[0][68] = settr(67,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(67,0,56,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(67,0,67,0,0,"IF", 0, 2, 0);
	trans[0][56]	= settr(55,0,66,227,227,"((result==0))", 0, 2, 0);
/*->*/	trans[0][66]	= settr(65,32,75,228,228,"D_STEP187", 1, 2, 0);
	trans[0][69]	= settr(68,0,75,1,0,".(goto)", 0, 2, 0);
	trans[0][67]	= settr(66,0,75,2,0,"else", 0, 2, 0);
	trans[0][77]	= settr(76,0,80,1,0,"break", 0, 2, 0);
	T = trans[ 0][80] = settr(79,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(79,2,78,0,0,"ATOMIC", 0, 2, 0);
	trans[0][78]	= settr(77,0,749,229,229,"word = 0", 0, 2, 0); /* m: 79 -> 0,749 */
	reached0[79] = 1;
	trans[0][79]	= settr(0,0,0,0,0,"limit = 0",0,0,0);
	trans[0][170]	= settr(169,0,749,1,0,".(goto)", 0, 2, 0);
	trans[0][82]	= settr(81,0,90,230,230,"(((result==0)&&!(mayWait)))", 0, 2, 0);
	T = trans[ 0][90] = settr(89,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(89,0,85,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][85]	= settr(84,32,89,231,231,"D_STEP146", 1, 2, 0);
/*->*/	trans[0][89]	= settr(88,32,166,232,232,"D_STEP147", 1, 2, 0);
	T = trans[0][166] = settr(165,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(165,0,91,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(165,0,94,0,0,"IF", 0, 2, 0);
	trans[0][91]	= settr(90,0,749,233,233,"(done)", 0, 2, 0); /* m: 92 -> 749,0 */
	reached0[92] = 1;
	trans[0][92]	= settr(0,0,0,0,0,"result = Rejected",0,0,0);
	trans[0][93]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][167]	= settr(166,0,749,1,0,".(goto)", 0, 2, 0);
	trans[0][94]	= settr(93,0,165,2,0,"else", 0, 2, 0);
	T = trans[ 0][165] = settr(164,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(164,0,98,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][98]	= settr(97,32,159,234,234,"D_STEP155", 1, 2, 0);
	trans[0][160]	= settr(159,0,159,1,0,".(goto)", 0, 2, 0);
	T = trans[0][159] = settr(158,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(158,0,99,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(158,0,101,0,0,"DO", 0, 2, 0);
	trans[0][99]	= settr(98,0,164,235,0,"((result!=0))", 0, 2, 0);
	trans[0][100]	= settr(99,0,164,1,0,"goto :b2", 0, 2, 0);
	trans[0][101]	= settr(100,0,104,2,0,"else", 0, 2, 0);
/*->*/	trans[0][104]	= settr(103,32,157,236,236,"D_STEP159", 1, 2, 0);
	T = trans[0][157] = settr(156,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(156,0,105,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(156,0,126,0,0,"IF", 0, 2, 0);
	trans[0][105]	= settr(104,0,125,237,237,"(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))", 0, 2, 0);
	T = trans[ 0][125] = settr(124,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(124,0,124,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][124]	= settr(123,32,159,238,238,"D_STEP114", 1, 2, 0);
	trans[0][158]	= settr(157,0,159,1,0,".(goto)", 0, 2, 0);
	trans[0][126]	= settr(125,0,156,2,0,"else", 0, 2, 0);
	T = trans[ 0][156] = settr(155,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(155,0,154,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][154] = settr(153,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(153,0,127,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(153,0,129,0,0,"IF", 0, 2, 0);
	trans[0][127]	= settr(126,0,159,239,239,"(((word&4)!=0))", 0, 2, 0); /* m: 128 -> 159,0 */
	reached0[128] = 1;
	trans[0][128]	= settr(0,0,0,0,0,"result = Aborted",0,0,0);
	trans[0][155]	= settr(154,0,159,1,0,".(goto)", 0, 2, 0);
	trans[0][129]	= settr(128,0,139,2,0,"else", 0, 2, 0);
/*->*/	trans[0][139]	= settr(138,32,152,240,240,"D_STEP172", 1, 2, 0);
	T = trans[0][152] = settr(151,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(151,0,140,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(151,0,151,0,0,"IF", 0, 2, 0);
	trans[0][140]	= settr(139,0,150,241,241,"((result==0))", 0, 2, 0);
/*->*/	trans[0][150]	= settr(149,32,159,242,242,"D_STEP187", 1, 2, 0);
	trans[0][153]	= settr(152,0,159,1,0,".(goto)", 0, 2, 0);
	trans[0][151]	= settr(150,0,159,2,0,"else", 0, 2, 0);
	trans[0][161]	= settr(160,0,164,1,0,"break", 0, 2, 0);
	T = trans[ 0][164] = settr(163,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(163,2,162,0,0,"ATOMIC", 0, 2, 0);
	trans[0][162]	= settr(161,0,749,243,243,"word = 0", 0, 2, 0); /* m: 163 -> 0,749 */
	reached0[163] = 1;
	trans[0][163]	= settr(0,0,0,0,0,"limit = 0",0,0,0);
	trans[0][168]	= settr(167,0,749,2,0,"else", 0, 2, 0);
	T = trans[0][749] = settr(748,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(748,0,171,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(748,0,748,0,0,"IF", 0, 2, 0);
	trans[0][171]	= settr(170,0,175,244,244,"((result==Contended))", 0, 2, 0);
	T = trans[ 0][175] = settr(174,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(174,0,174,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][174]	= settr(173,32,177,245,245,"D_STEP10", 1, 2, 0);
/*->*/	trans[0][177]	= settr(176,32,282,246,246,"D_STEP27", 1, 2, 0);
	T = trans[0][282] = settr(281,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(281,0,178,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(281,0,281,0,0,"IF", 0, 2, 0);
	trans[0][178]	= settr(177,0,280,247,0,"((mayWait&&(me<1)))", 0, 2, 0);
	T = trans[ 0][280] = settr(279,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(279,0,181,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][181]	= settr(180,32,278,248,248,"D_STEP98", 1, 2, 0);
	T = trans[0][278] = settr(277,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(277,0,182,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(277,0,277,0,0,"IF", 0, 2, 0);
	trans[0][182]	= settr(181,0,188,249,249,"(done)", 0, 2, 0); /* m: 183 -> 188,0 */
	reached0[183] = 1;
	trans[0][183]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	T = trans[ 0][188] = settr(187,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(187,0,187,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][187]	= settr(186,32,276,250,250,"D_STEP635", 1, 2, 0);
	T = trans[ 0][276] = settr(275,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(275,0,193,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][193]	= settr(192,32,273,251,251,"D_STEP67", 1, 2, 0);
	T = trans[0][273] = settr(272,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(272,0,194,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(272,0,272,0,0,"IF", 0, 2, 0);
	trans[0][194]	= settr(193,0,269,252,252,"(done)", 0, 2, 0); /* m: 195 -> 269,0 */
	reached0[195] = 1;
	trans[0][195]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][270]	= settr(269,0,269,1,0,".(goto)", 0, 2, 0);
	T = trans[0][269] = settr(268,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(268,0,259,0,0,"DO", 0, 2, 0);
	T = trans[ 0][259] = settr(258,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(258,0,247,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][247] = settr(246,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(246,0,200,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][200] = settr(199,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(199,0,199,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][199]	= settr(198,32,203,253,253,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][203]	= settr(202,32,204,254,254,"D_STEP613", 1, 2, 0);
	trans[0][204]	= settr(203,0,210,255,255,"requested_ = 0", 1, 2, 0);
	T = trans[0][210] = settr(209,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(209,0,205,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(209,0,207,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(209,0,209,0,0,"IF", 0, 2, 0);
	trans[0][205]	= settr(204,0,206,256,256,"((done&&timerAt_))", 1, 2, 0);
	trans[0][206]	= settr(205,0,231,257,257,"done = 0", 0, 2, 0);
	trans[0][211]	= settr(210,0,231,1,0,".(goto)", 0, 2, 0);
	trans[0][207]	= settr(206,0,208,258,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[0][208]	= settr(207,0,231,259,259,"more = 1", 0, 2, 0);
	trans[0][209]	= settr(208,0,231,2,0,"else", 0, 2, 0);
	T = trans[0][231] = settr(230,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(230,0,212,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(230,0,230,0,0,"IF", 0, 2, 0);
	trans[0][212]	= settr(211,0,217,260,0,"((done||more))", 0, 2, 0);
/*->*/	trans[0][217]	= settr(216,32,229,261,261,"D_STEP622", 1, 2, 0);
	T = trans[ 0][229] = settr(228,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(228,0,227,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][227] = settr(226,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(226,0,218,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(226,0,222,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(226,0,226,0,0,"IF", 0, 2, 0);
	trans[0][218]	= settr(217,0,221,262,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][221]	= settr(220,32,246,263,263,"D_STEP604", 1, 2, 0);
	trans[0][228]	= settr(227,0,246,1,0,".(goto)", 0, 2, 0);
	trans[0][222]	= settr(221,0,225,264,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][225]	= settr(224,32,246,265,265,"D_STEP605", 1, 2, 0);
	trans[0][226]	= settr(225,0,246,2,0,"else", 0, 2, 0);
	trans[0][232]	= settr(231,0,246,1,0,".(goto)", 0, 2, 0);
	trans[0][230]	= settr(229,0,246,2,0,"else", 0, 2, 0);
	T = trans[ 0][246] = settr(245,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(245,0,245,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][245]	= settr(244,32,253,266,266,"D_STEP84", 1, 503, 0);
	T = trans[0][253] = settr(252,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(252,0,248,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(252,0,250,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(252,0,252,0,0,"IF", 0, 2, 0);
	trans[0][248]	= settr(247,0,249,267,267,"(done)", 0, 2, 0);
	trans[0][249]	= settr(248,0,258,268,268,"timer = (generation+1)", 1, 2, 0);
	trans[0][254]	= settr(253,0,258,1,0,".(goto)", 0, 2, 0);
	trans[0][250]	= settr(249,0,251,269,269,"(more)", 0, 2, 0);
	trans[0][251]	= settr(250,0,258,270,270,"timer = 0", 1, 2, 0);
	trans[0][252]	= settr(251,0,258,2,0,"else", 0, 2, 0);
/*->*/	trans[0][258]	= settr(257,32,263,271,271,"D_STEP89", 0, 2, 0);
/*->*/	trans[0][263]	= settr(262,32,267,272,272,"D_STEP73", 1, 2, 0);
	T = trans[0][267] = settr(266,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(266,0,264,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(266,0,266,0,0,"IF", 0, 2, 0);
	trans[0][264]	= settr(263,0,594,273,273,"((index==0))", 0, 2, 0); /* m: 275 -> 594,0 */
	reached0[275] = 1;
	trans[0][265]	= settr(264,0,275,1,0,"goto :b3", 0, 2, 0); /* m: 275 -> 0,594 */
	reached0[275] = 1;
	trans[0][268]	= settr(267,0,269,1,0,".(goto)", 0, 2, 0);
	trans[0][266]	= settr(265,0,269,2,0,"else", 0, 2, 0);
	trans[0][271]	= settr(270,0,275,1,0,"break", 0, 2, 0);
	trans[0][274]	= settr(273,0,275,1,0,".(goto)", 0, 2, 0); /* m: 275 -> 0,594 */
	reached0[275] = 1;
	trans[0][272]	= settr(271,0,275,2,0,"else", 0, 2, 0);
	trans[0][275]	= settr(274,0,594,274,274,"index = 0", 0, 2, 0);
	trans[0][279]	= settr(278,0,594,1,0,".(goto)", 0, 2, 0);
	trans[0][277]	= settr(276,0,594,2,0,"else", 0, 2, 0);
	trans[0][283]	= settr(282,0,594,1,0,".(goto)", 0, 2, 0);
	trans[0][281]	= settr(280,0,594,2,0,"else", 0, 2, 0);
	T = trans[ 0][594] = settr(593,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(593,0,288,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][288] = settr(287,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(287,0,287,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][287]	= settr(286,32,291,275,275,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][291]	= settr(290,32,401,276,276,"D_STEP236", 1, 2, 0);
	T = trans[ 0][401] = settr(400,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(400,0,399,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][399] = settr(398,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(398,0,292,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(398,0,398,0,0,"IF", 0, 2, 0);
	trans[0][292]	= settr(291,0,340,277,0,"(((queued_!=0)||(len(drains_)!=0)))", 1, 2, 0);
	T = trans[ 0][340] = settr(339,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(339,0,336,0,0,"sub-sequence", 0, 2, 0);
	trans[0][337]	= settr(336,0,336,1,0,".(goto)", 0, 2, 0);
	T = trans[0][336] = settr(335,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(335,0,293,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(335,0,334,0,0,"DO", 0, 2, 0);
	trans[0][293]	= settr(292,0,302,278,0,"(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))", 1, 2, 0);
	T = trans[ 0][302] = settr(301,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(301,0,300,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][300] = settr(299,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(299,0,294,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(299,0,296,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(299,0,298,0,0,"IF", 0, 2, 0);
	trans[0][294]	= settr(293,0,295,279,0,"(deadline[0])", 1, 2, 0);
	trans[0][295]	= settr(294,0,332,280,280,"head = 0", 0, 2, 0);
	trans[0][301]	= settr(300,0,332,1,0,".(goto)", 0, 2, 0);
	trans[0][296]	= settr(295,0,297,281,0,"(deadline[1])", 1, 2, 0);
	trans[0][297]	= settr(296,0,332,282,282,"head = 1", 0, 2, 0);
	trans[0][298]	= settr(297,0,299,283,0,"(deadline[2])", 1, 2, 0);
	trans[0][299]	= settr(298,0,332,284,284,"head = 2", 0, 2, 0);
	T = trans[ 0][332] = settr(331,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(331,0,324,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][324]	= settr(323,32,330,285,285,"D_STEP546", 1, 504, 503);
	T = trans[0][330] = settr(329,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(329,0,325,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(329,0,329,0,0,"IF", 0, 2, 0);
	trans[0][325]	= settr(324,0,328,286,286,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[0][328]	= settr(327,32,333,287,287,"D_STEP569", 1, 2, 0);
	trans[0][331]	= settr(330,0,333,1,0,".(goto)", 0, 2, 0); /* m: 333 -> 0,336 */
	reached0[333] = 1;
	trans[0][329]	= settr(328,0,333,2,0,"else", 0, 2, 0);
	trans[0][333]	= settr(332,0,336,288,288,"head = 0", 0, 2, 0);
	trans[0][334]	= settr(333,0,339,2,0,"else", 0, 2, 0);
	trans[0][335]	= settr(334,0,339,1,0,"goto :b4", 0, 2, 0);
	trans[0][338]	= settr(337,0,339,1,0,"break", 0, 2, 0);
	trans[0][339]	= settr(338,0,397,289,289,"slicing = 0", 1, 2, 0);
	T = trans[ 0][397] = settr(396,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(396,0,393,0,0,"sub-sequence", 0, 2, 0);
	trans[0][394]	= settr(393,0,393,1,0,".(goto)", 0, 2, 0);
	T = trans[0][393] = settr(392,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(392,0,341,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(392,0,391,0,0,"DO", 0, 2, 0);
	trans[0][341]	= settr(340,0,347,290,0,"((len(queue_)!=0))", 1, 2, 0);
/*->*/	trans[0][347]	= settr(346,32,389,291,291,"D_STEP511", 1, 503, 0);
	T = trans[0][389] = settr(388,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(388,0,348,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(388,0,386,0,0,"IF", 0, 2, 0);
	trans[0][348]	= settr(347,0,354,292,292,"(done)", 0, 2, 0);
/*->*/	trans[0][354]	= settr(353,32,384,293,293,"D_STEP524", 1, 2, 0);
	T = trans[ 0][384] = settr(383,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(383,0,376,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][376]	= settr(375,32,382,294,294,"D_STEP546", 1, 504, 503);
	T = trans[0][382] = settr(381,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(381,0,377,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(381,0,381,0,0,"IF", 0, 2, 0);
	trans[0][377]	= settr(376,0,380,295,295,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[0][380]	= settr(379,32,385,296,296,"D_STEP569", 1, 2, 0);
	trans[0][383]	= settr(382,0,385,1,0,".(goto)", 0, 2, 0); /* m: 385 -> 0,393 */
	reached0[385] = 1;
	trans[0][381]	= settr(380,0,385,2,0,"else", 0, 2, 0);
	trans[0][385]	= settr(384,0,393,297,297,"head = 0", 0, 2, 0);
	trans[0][390]	= settr(389,0,393,1,0,".(goto)", 0, 2, 0);
	trans[0][386]	= settr(385,0,387,2,0,"else", 0, 2, 0);
	trans[0][387]	= settr(386,0,396,298,298,"head = 0", 0, 2, 0);
	trans[0][388]	= settr(387,0,396,1,0,"goto :b5", 0, 2, 0);
	trans[0][391]	= settr(390,0,396,2,0,"else", 0, 2, 0);
	trans[0][392]	= settr(391,0,396,1,0,"goto :b5", 0, 2, 0);
	trans[0][395]	= settr(394,0,396,1,0,"break", 0, 2, 0);
	trans[0][396]	= settr(395,0,518,1,0,"(1)", 0, 2, 0);
	trans[0][400]	= settr(399,0,518,1,0,".(goto)", 0, 2, 0);
	trans[0][398]	= settr(397,0,518,2,0,"else", 0, 2, 0);
	trans[0][519]	= settr(518,0,518,1,0,".(goto)", 0, 2, 0);
	T = trans[0][518] = settr(517,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(517,0,472,0,0,"DO", 0, 2, 0);
	T = trans[ 0][472] = settr(471,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(471,0,405,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][405]	= settr(404,32,466,299,299,"D_STEP155", 1, 2, 0);
	trans[0][467]	= settr(466,0,466,1,0,".(goto)", 0, 2, 0);
	T = trans[0][466] = settr(465,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(465,0,406,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(465,0,408,0,0,"DO", 0, 2, 0);
	trans[0][406]	= settr(405,0,471,300,0,"((result!=0))", 0, 2, 0);
	trans[0][407]	= settr(406,0,471,1,0,"goto :b7", 0, 2, 0);
	trans[0][408]	= settr(407,0,411,2,0,"else", 0, 2, 0);
/*->*/	trans[0][411]	= settr(410,32,464,301,301,"D_STEP159", 1, 2, 0);
	T = trans[0][464] = settr(463,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(463,0,412,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(463,0,433,0,0,"IF", 0, 2, 0);
	trans[0][412]	= settr(411,0,432,302,302,"(((((word&((1|2)|4))==0)&&((weight-1)<limit))&&((word>>6)<=(limit-weight))))", 0, 2, 0);
	T = trans[ 0][432] = settr(431,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(431,0,431,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][431]	= settr(430,32,466,303,303,"D_STEP114", 1, 2, 0);
	trans[0][465]	= settr(464,0,466,1,0,".(goto)", 0, 2, 0);
	trans[0][433]	= settr(432,0,463,2,0,"else", 0, 2, 0);
	T = trans[ 0][463] = settr(462,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(462,0,461,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][461] = settr(460,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(460,0,434,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(460,0,436,0,0,"IF", 0, 2, 0);
	trans[0][434]	= settr(433,0,466,304,304,"(((word&4)!=0))", 0, 2, 0); /* m: 435 -> 466,0 */
	reached0[435] = 1;
	trans[0][435]	= settr(0,0,0,0,0,"result = Aborted",0,0,0);
	trans[0][462]	= settr(461,0,466,1,0,".(goto)", 0, 2, 0);
	trans[0][436]	= settr(435,0,446,2,0,"else", 0, 2, 0);
/*->*/	trans[0][446]	= settr(445,32,459,305,305,"D_STEP172", 1, 2, 0);
	T = trans[0][459] = settr(458,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(458,0,447,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(458,0,458,0,0,"IF", 0, 2, 0);
	trans[0][447]	= settr(446,0,457,306,306,"((result==0))", 0, 2, 0);
/*->*/	trans[0][457]	= settr(456,32,466,307,307,"D_STEP187", 1, 2, 0);
	trans[0][460]	= settr(459,0,466,1,0,".(goto)", 0, 2, 0);
	trans[0][458]	= settr(457,0,466,2,0,"else", 0, 2, 0);
	trans[0][468]	= settr(467,0,471,1,0,"break", 0, 2, 0);
	T = trans[ 0][471] = settr(470,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(470,2,469,0,0,"ATOMIC", 0, 2, 0);
	trans[0][469]	= settr(468,4,516,308,308,"word = 0", 0, 2, 0); /* m: 470 -> 0,516 */
	reached0[470] = 1;
	trans[0][470]	= settr(0,0,0,0,0,"limit = 0",0,0,0);
	T = trans[0][516] = settr(515,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(515,0,473,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(515,0,511,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(515,0,514,0,0,"IF", 0, 2, 0);
	trans[0][473]	= settr(472,0,477,309,309,"(((result==Contended)&&mayWait))", 0, 2, 0);
/*->*/	trans[0][477]	= settr(476,32,493,310,310,"D_STEP242", 1, 2, 0);
	T = trans[0][493] = settr(492,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(492,0,478,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(492,0,492,0,0,"IF", 0, 2, 0);
	trans[0][478]	= settr(477,0,490,311,0,"(((word&1)==0))", 0, 2, 0);
	T = trans[0][490] = settr(489,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(489,0,479,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(489,0,481,0,0,"IF", 0, 2, 0);
	trans[0][479]	= settr(478,0,480,312,312,"((((word&((1|2)|4))!=0)||(((word>>6)+weight)<=limit_)))", 1, 2, 0);
	trans[0][480]	= settr(479,0,509,313,313,"done = 0", 0, 2, 0); /* m: 495 -> 0,509 */
	reached0[495] = 1;
	trans[0][491]	= settr(490,0,495,1,0,".(goto)", 0, 2, 0); /* m: 495 -> 0,509 */
	reached0[495] = 1;
	trans[0][481]	= settr(480,0,489,2,0,"else", 0, 2, 0);
/*->*/	trans[0][489]	= settr(488,32,495,314,314,"D_STEP253", 1, 2, 0);
	trans[0][494]	= settr(493,0,495,1,0,".(goto)", 0, 2, 0); /* m: 495 -> 0,509 */
	reached0[495] = 1;
	trans[0][492]	= settr(491,0,495,2,0,"else", 0, 2, 0);
	trans[0][495]	= settr(494,0,509,315,315,"word = 0", 0, 2, 0);
	T = trans[0][509] = settr(508,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(508,0,496,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(508,0,508,0,0,"IF", 0, 2, 0);
	trans[0][496]	= settr(495,0,506,316,316,"(done)", 0, 2, 0);
	T = trans[ 0][506] = settr(505,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(505,0,505,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][505]	= settr(504,32,521,317,317,"D_STEP282", 1, 3, 0);
	trans[0][507]	= settr(506,0,521,1,0,"goto :b6", 0, 2, 0);
	trans[0][510]	= settr(509,0,518,1,0,".(goto)", 0, 2, 0);
	trans[0][508]	= settr(507,0,518,2,0,"else", 0, 2, 0);
	trans[0][517]	= settr(516,0,518,1,0,".(goto)", 0, 2, 0);
	trans[0][511]	= settr(510,0,521,318,318,"(((result==Contended)&&!(mayWait)))", 0, 2, 0); /* m: 512 -> 521,0 */
	reached0[512] = 1;
	trans[0][512]	= settr(0,0,0,0,0,"result = Rejected",0,0,0);
	trans[0][513]	= settr(512,0,521,1,0,"goto :b6", 0, 2, 0);
	trans[0][514]	= settr(513,0,521,2,0,"else", 0, 2, 0);
	trans[0][515]	= settr(514,0,521,1,0,"goto :b6", 0, 2, 0);
	trans[0][520]	= settr(519,0,521,1,0,"break", 0, 2, 0);
	trans[0][521]	= settr(520,0,579,1,0,"(1)", 0, 2, 0);
	T = trans[ 0][579] = settr(578,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(578,0,576,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][576] = settr(575,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(575,0,522,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(575,0,536,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(575,0,550,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(575,0,563,0,0,"IF", 0, 2, 0);
	trans[0][522]	= settr(521,0,523,319,0,"(((deadline[0]||deadline[1])||deadline[2]))", 1, 2, 0);
	trans[0][523]	= settr(522,0,535,320,320,"tends = (tends||!(timerAt_))", 1, 2, 0);
	T = trans[ 0][535] = settr(534,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(534,0,533,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][533] = settr(532,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(532,0,524,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(532,0,528,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(532,0,532,0,0,"IF", 0, 2, 0);
	trans[0][524]	= settr(523,0,527,321,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][527]	= settr(526,32,578,322,322,"D_STEP604", 1, 2, 0);
	trans[0][534]	= settr(533,0,578,1,0,".(goto)", 0, 2, 0); /* m: 578 -> 0,593 */
	reached0[578] = 1;
	trans[0][528]	= settr(527,0,531,323,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][531]	= settr(530,32,578,324,324,"D_STEP605", 1, 2, 0);
	trans[0][532]	= settr(531,0,578,2,0,"else", 0, 2, 0);
	trans[0][577]	= settr(576,0,578,1,0,".(goto)", 0, 2, 0); /* m: 578 -> 0,593 */
	reached0[578] = 1;
	trans[0][536]	= settr(535,0,537,325,325,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))", 1, 2, 0);
	trans[0][537]	= settr(536,0,549,326,326,"tends = 1", 0, 2, 0);
	T = trans[ 0][549] = settr(548,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(548,0,547,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][547] = settr(546,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(546,0,538,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(546,0,542,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(546,0,546,0,0,"IF", 0, 2, 0);
	trans[0][538]	= settr(537,0,541,327,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][541]	= settr(540,32,578,328,328,"D_STEP604", 1, 2, 0);
	trans[0][548]	= settr(547,0,578,1,0,".(goto)", 0, 2, 0); /* m: 578 -> 0,593 */
	reached0[578] = 1;
	trans[0][542]	= settr(541,0,545,329,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][545]	= settr(544,32,578,330,330,"D_STEP605", 1, 2, 0);
	trans[0][546]	= settr(545,0,578,2,0,"else", 0, 2, 0);
	trans[0][550]	= settr(549,0,562,331,331,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))", 1, 2, 0);
	T = trans[ 0][562] = settr(561,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(561,0,560,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][560] = settr(559,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(559,0,551,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(559,0,555,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(559,0,559,0,0,"IF", 0, 2, 0);
	trans[0][551]	= settr(550,0,554,332,0,"((1&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][554]	= settr(553,32,578,333,333,"D_STEP604", 1, 2, 0);
	trans[0][561]	= settr(560,0,578,1,0,".(goto)", 0, 2, 0); /* m: 578 -> 0,593 */
	reached0[578] = 1;
	trans[0][555]	= settr(554,0,558,334,0,"((!(1)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][558]	= settr(557,32,578,335,335,"D_STEP605", 1, 2, 0);
	trans[0][559]	= settr(558,0,578,2,0,"else", 0, 2, 0);
	trans[0][563]	= settr(562,0,575,336,0,"((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))", 1, 2, 0);
	T = trans[ 0][575] = settr(574,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(574,0,573,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][573] = settr(572,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(572,0,564,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(572,0,568,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(572,0,572,0,0,"IF", 0, 2, 0);
	trans[0][564]	= settr(563,0,567,337,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][567]	= settr(566,32,578,338,338,"D_STEP604", 1, 2, 0);
	trans[0][574]	= settr(573,0,578,1,0,".(goto)", 0, 2, 0); /* m: 578 -> 0,593 */
	reached0[578] = 1;
	trans[0][568]	= settr(567,0,571,339,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][571]	= settr(570,32,578,340,340,"D_STEP605", 1, 2, 0);
	trans[0][572]	= settr(571,0,578,2,0,"else", 0, 2, 0);
	trans[0][578]	= settr(577,0,593,341,341,"begins = 0", 0, 2, 0);
	T = trans[ 0][593] = settr(592,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(592,0,592,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][592]	= settr(591,32,730,342,342,"D_STEP84", 1, 503, 0);
	T = trans[ 0][730] = settr(729,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(729,0,711,0,0,"sub-sequence", 0, 2, 0);
	trans[0][712]	= settr(711,0,711,1,0,".(goto)", 0, 2, 0);
	T = trans[0][711] = settr(710,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(710,0,595,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(710,0,601,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(710,0,607,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(710,0,613,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(710,0,619,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(710,0,709,0,0,"DO", 0, 2, 0);
	trans[0][595]	= settr(594,0,600,343,0,"((ready&1))", 0, 2, 0);
	T = trans[ 0][600] = settr(599,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(599,0,599,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][599]	= settr(598,32,711,344,344,"D_STEP29", 1, 2, 0);
	trans[0][601]	= settr(600,0,606,345,0,"((ready&2))", 0, 2, 0);
	T = trans[ 0][606] = settr(605,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(605,0,605,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][605]	= settr(604,32,711,346,346,"D_STEP29", 1, 2, 0);
	trans[0][607]	= settr(606,0,612,347,0,"((ready&4))", 0, 2, 0);
	T = trans[ 0][612] = settr(611,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(611,0,611,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][611]	= settr(610,32,711,348,348,"D_STEP29", 1, 2, 0);
	trans[0][613]	= settr(612,0,618,349,0,"((ready&8))", 0, 2, 0);
	T = trans[ 0][618] = settr(617,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(617,0,617,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][617]	= settr(616,32,711,350,350,"D_STEP29", 1, 2, 0);
	trans[0][619]	= settr(618,0,708,351,351,"(((ready==0)&&tends))", 0, 2, 0); /* m: 620 -> 708,0 */
	reached0[620] = 1;
	trans[0][620]	= settr(0,0,0,0,0,"tends = 0",0,0,0);
	T = trans[ 0][708] = settr(707,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(707,0,625,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][625]	= settr(624,32,705,352,352,"D_STEP67", 1, 2, 0);
	T = trans[0][705] = settr(704,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(704,0,626,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(704,0,704,0,0,"IF", 0, 2, 0);
	trans[0][626]	= settr(625,0,701,353,353,"(done)", 0, 2, 0); /* m: 627 -> 701,0 */
	reached0[627] = 1;
	trans[0][627]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][702]	= settr(701,0,701,1,0,".(goto)", 0, 2, 0);
	T = trans[0][701] = settr(700,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(700,0,691,0,0,"DO", 0, 2, 0);
	T = trans[ 0][691] = settr(690,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(690,0,679,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][679] = settr(678,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(678,0,632,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][632] = settr(631,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(631,0,631,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][631]	= settr(630,32,635,354,354,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][635]	= settr(634,32,636,355,355,"D_STEP613", 1, 2, 0);
	trans[0][636]	= settr(635,0,642,356,356,"requested_ = 0", 1, 2, 0);
	T = trans[0][642] = settr(641,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(641,0,637,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(641,0,639,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(641,0,641,0,0,"IF", 0, 2, 0);
	trans[0][637]	= settr(636,0,638,357,357,"((done&&timerAt_))", 1, 2, 0);
	trans[0][638]	= settr(637,0,663,358,358,"done = 0", 0, 2, 0);
	trans[0][643]	= settr(642,0,663,1,0,".(goto)", 0, 2, 0);
	trans[0][639]	= settr(638,0,640,359,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[0][640]	= settr(639,0,663,360,360,"more = 1", 0, 2, 0);
	trans[0][641]	= settr(640,0,663,2,0,"else", 0, 2, 0);
	T = trans[0][663] = settr(662,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(662,0,644,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(662,0,662,0,0,"IF", 0, 2, 0);
	trans[0][644]	= settr(643,0,649,361,0,"((done||more))", 0, 2, 0);
/*->*/	trans[0][649]	= settr(648,32,661,362,362,"D_STEP622", 1, 2, 0);
	T = trans[ 0][661] = settr(660,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(660,0,659,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][659] = settr(658,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(658,0,650,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(658,0,654,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(658,0,658,0,0,"IF", 0, 2, 0);
	trans[0][650]	= settr(649,0,653,363,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][653]	= settr(652,32,678,364,364,"D_STEP604", 1, 2, 0);
	trans[0][660]	= settr(659,0,678,1,0,".(goto)", 0, 2, 0);
	trans[0][654]	= settr(653,0,657,365,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][657]	= settr(656,32,678,366,366,"D_STEP605", 1, 2, 0);
	trans[0][658]	= settr(657,0,678,2,0,"else", 0, 2, 0);
	trans[0][664]	= settr(663,0,678,1,0,".(goto)", 0, 2, 0);
	trans[0][662]	= settr(661,0,678,2,0,"else", 0, 2, 0);
	T = trans[ 0][678] = settr(677,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(677,0,677,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][677]	= settr(676,32,685,367,367,"D_STEP84", 1, 503, 0);
	T = trans[0][685] = settr(684,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(684,0,680,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(684,0,682,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(684,0,684,0,0,"IF", 0, 2, 0);
	trans[0][680]	= settr(679,0,681,368,368,"(done)", 0, 2, 0);
	trans[0][681]	= settr(680,0,690,369,369,"timer = (generation+1)", 1, 2, 0);
	trans[0][686]	= settr(685,0,690,1,0,".(goto)", 0, 2, 0);
	trans[0][682]	= settr(681,0,683,370,370,"(more)", 0, 2, 0);
	trans[0][683]	= settr(682,0,690,371,371,"timer = 0", 1, 2, 0);
	trans[0][684]	= settr(683,0,690,2,0,"else", 0, 2, 0);
/*->*/	trans[0][690]	= settr(689,32,695,372,372,"D_STEP89", 0, 2, 0);
/*->*/	trans[0][695]	= settr(694,32,699,373,373,"D_STEP73", 1, 2, 0);
	T = trans[0][699] = settr(698,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(698,0,696,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(698,0,698,0,0,"IF", 0, 2, 0);
	trans[0][696]	= settr(695,0,711,374,374,"((index==0))", 0, 2, 0); /* m: 707 -> 711,0 */
	reached0[707] = 1;
	trans[0][697]	= settr(696,0,707,1,0,"goto :b9", 0, 2, 0); /* m: 707 -> 0,711 */
	reached0[707] = 1;
	trans[0][700]	= settr(699,0,701,1,0,".(goto)", 0, 2, 0);
	trans[0][698]	= settr(697,0,701,2,0,"else", 0, 2, 0);
	trans[0][703]	= settr(702,0,707,1,0,"break", 0, 2, 0);
	trans[0][706]	= settr(705,0,707,1,0,".(goto)", 0, 2, 0); /* m: 707 -> 0,711 */
	reached0[707] = 1;
	trans[0][704]	= settr(703,0,707,2,0,"else", 0, 2, 0);
	trans[0][707]	= settr(706,0,711,375,375,"index = 0", 0, 2, 0);
	trans[0][709]	= settr(708,0,728,376,0,"(((ready==0)&&!(tends)))", 0, 2, 0);
	trans[0][710]	= settr(709,0,728,1,0,"goto :b8", 0, 2, 0);
	trans[0][713]	= settr(712,0,728,1,0,"break", 0, 2, 0);
	T = trans[0][728] = settr(727,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(727,0,714,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(727,0,727,0,0,"IF", 0, 2, 0);
	trans[0][714]	= settr(713,0,726,377,377,"(lastOut)", 0, 2, 0); /* m: 715 -> 726,0 */
	reached0[715] = 1;
	trans[0][715]	= settr(0,0,0,0,0,"lastOut = 0",0,0,0);
	T = trans[ 0][726] = settr(725,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(725,0,725,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][725]	= settr(724,32,731,378,378,"D_STEP14", 1, 2, 0);
	trans[0][729]	= settr(728,0,731,1,0,".(goto)", 0, 2, 0); /* m: 731 -> 0,746 */
	reached0[731] = 1;
	trans[0][727]	= settr(726,0,731,2,0,"else", 0, 2, 0);
	trans[0][731]	= settr(730,0,746,379,379,"now = 0", 0, 2, 0);
	T = trans[0][746] = settr(745,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(745,0,732,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(745,0,734,0,0,"IF", 0, 2, 0);
	trans[0][732]	= settr(731,0,879,380,380,"(((result==Waiting)&&0))", 0, 2, 0); /* m: 733 -> 879,0 */
	reached0[733] = 1;
	trans[0][733]	= settr(0,0,0,0,0,"kept = 1",0,0,0);
	trans[0][747]	= settr(746,0,752,1,0,".(goto)", 0, 2, 0); /* m: 752 -> 0,879 */
	reached0[752] = 1;
	trans[0][734]	= settr(733,0,745,2,0,"else", 0, 2, 0);
	T = trans[ 0][745] = settr(744,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(744,0,744,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][744]	= settr(743,32,752,381,381,"D_STEP14", 1, 2, 0);
	trans[0][750]	= settr(749,0,752,1,0,".(goto)", 0, 2, 0); /* m: 752 -> 0,879 */
	reached0[752] = 1;
	trans[0][748]	= settr(747,0,752,2,0,"else", 0, 2, 0);
	trans[0][752]	= settr(751,0,879,382,382,"mayWait = 0", 0, 2, 0);
	T = trans[0][879] = settr(878,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(878,0,753,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(878,0,878,0,0,"IF", 0, 2, 0);
	trans[0][753]	= settr(752,0,877,383,383,"((result==Waiting))", 0, 2, 0);
	T = trans[ 0][877] = settr(876,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(876,0,754,0,0,"sub-sequence", 0, 2, 0);
	trans[0][754]	= settr(753,0,758,384,0,"(woken[me])", 1, 2, 0);
/*->*/	trans[0][758]	= settr(757,32,859,385,385,"D_STEP46", 1, 2, 0);
	T = trans[0][859] = settr(858,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(858,0,759,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(858,0,858,0,0,"IF", 0, 2, 0);
	trans[0][759]	= settr(758,0,857,386,0,"((result==Granted))", 0, 2, 0);
	T = trans[ 0][857] = settr(856,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(856,0,763,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][763] = settr(762,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(762,0,762,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][762]	= settr(761,32,855,387,387,"D_STEP355", 1, 2, 0);
	T = trans[0][855] = settr(854,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(854,0,764,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(854,0,854,0,0,"IF", 0, 2, 0);
	trans[0][764]	= settr(763,0,853,388,388,"(done)", 0, 2, 0); /* m: 765 -> 853,0 */
	reached0[765] = 1;
	trans[0][765]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	T = trans[ 0][853] = settr(852,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(852,0,770,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][770]	= settr(769,32,850,389,389,"D_STEP67", 1, 2, 0);
	T = trans[0][850] = settr(849,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(849,0,771,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(849,0,849,0,0,"IF", 0, 2, 0);
	trans[0][771]	= settr(770,0,846,390,390,"(done)", 0, 2, 0); /* m: 772 -> 846,0 */
	reached0[772] = 1;
	trans[0][772]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][847]	= settr(846,0,846,1,0,".(goto)", 0, 2, 0);
	T = trans[0][846] = settr(845,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(845,0,836,0,0,"DO", 0, 2, 0);
	T = trans[ 0][836] = settr(835,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(835,0,824,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][824] = settr(823,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(823,0,777,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][777] = settr(776,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(776,0,776,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][776]	= settr(775,32,780,391,391,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][780]	= settr(779,32,781,392,392,"D_STEP613", 1, 2, 0);
	trans[0][781]	= settr(780,0,787,393,393,"requested_ = 0", 1, 2, 0);
	T = trans[0][787] = settr(786,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(786,0,782,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(786,0,784,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(786,0,786,0,0,"IF", 0, 2, 0);
	trans[0][782]	= settr(781,0,783,394,394,"((done&&timerAt_))", 1, 2, 0);
	trans[0][783]	= settr(782,0,808,395,395,"done = 0", 0, 2, 0);
	trans[0][788]	= settr(787,0,808,1,0,".(goto)", 0, 2, 0);
	trans[0][784]	= settr(783,0,785,396,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[0][785]	= settr(784,0,808,397,397,"more = 1", 0, 2, 0);
	trans[0][786]	= settr(785,0,808,2,0,"else", 0, 2, 0);
	T = trans[0][808] = settr(807,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(807,0,789,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(807,0,807,0,0,"IF", 0, 2, 0);
	trans[0][789]	= settr(788,0,794,398,0,"((done||more))", 0, 2, 0);
/*->*/	trans[0][794]	= settr(793,32,806,399,399,"D_STEP622", 1, 2, 0);
	T = trans[ 0][806] = settr(805,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(805,0,804,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][804] = settr(803,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(803,0,795,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(803,0,799,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(803,0,803,0,0,"IF", 0, 2, 0);
	trans[0][795]	= settr(794,0,798,400,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][798]	= settr(797,32,823,401,401,"D_STEP604", 1, 2, 0);
	trans[0][805]	= settr(804,0,823,1,0,".(goto)", 0, 2, 0);
	trans[0][799]	= settr(798,0,802,402,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][802]	= settr(801,32,823,403,403,"D_STEP605", 1, 2, 0);
	trans[0][803]	= settr(802,0,823,2,0,"else", 0, 2, 0);
	trans[0][809]	= settr(808,0,823,1,0,".(goto)", 0, 2, 0);
	trans[0][807]	= settr(806,0,823,2,0,"else", 0, 2, 0);
	T = trans[ 0][823] = settr(822,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(822,0,822,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][822]	= settr(821,32,830,404,404,"D_STEP84", 1, 503, 0);
	T = trans[0][830] = settr(829,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(829,0,825,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(829,0,827,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(829,0,829,0,0,"IF", 0, 2, 0);
	trans[0][825]	= settr(824,0,826,405,405,"(done)", 0, 2, 0);
	trans[0][826]	= settr(825,0,835,406,406,"timer = (generation+1)", 1, 2, 0);
	trans[0][831]	= settr(830,0,835,1,0,".(goto)", 0, 2, 0);
	trans[0][827]	= settr(826,0,828,407,407,"(more)", 0, 2, 0);
	trans[0][828]	= settr(827,0,835,408,408,"timer = 0", 1, 2, 0);
	trans[0][829]	= settr(828,0,835,2,0,"else", 0, 2, 0);
/*->*/	trans[0][835]	= settr(834,32,840,409,409,"D_STEP89", 0, 2, 0);
/*->*/	trans[0][840]	= settr(839,32,844,410,410,"D_STEP73", 1, 2, 0);
	T = trans[0][844] = settr(843,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(843,0,841,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(843,0,843,0,0,"IF", 0, 2, 0);
	trans[0][841]	= settr(840,0,875,411,411,"((index==0))", 0, 2, 0); /* m: 852 -> 875,0 */
	reached0[852] = 1;
	trans[0][842]	= settr(841,0,852,1,0,"goto :b10", 0, 2, 0); /* m: 852 -> 0,875 */
	reached0[852] = 1;
	trans[0][845]	= settr(844,0,846,1,0,".(goto)", 0, 2, 0);
	trans[0][843]	= settr(842,0,846,2,0,"else", 0, 2, 0);
	trans[0][848]	= settr(847,0,852,1,0,"break", 0, 2, 0);
	trans[0][851]	= settr(850,0,852,1,0,".(goto)", 0, 2, 0); /* m: 852 -> 0,875 */
	reached0[852] = 1;
	trans[0][849]	= settr(848,0,852,2,0,"else", 0, 2, 0);
	trans[0][852]	= settr(851,0,875,412,412,"index = 0", 0, 2, 0);
	trans[0][856]	= settr(855,0,875,1,0,".(goto)", 0, 2, 0);
	trans[0][854]	= settr(853,0,875,2,0,"else", 0, 2, 0);
	trans[0][860]	= settr(859,0,875,1,0,".(goto)", 0, 2, 0);
	trans[0][858]	= settr(857,0,875,2,0,"else", 0, 2, 0);
	T = trans[0][875] = settr(874,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(874,0,861,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(874,0,874,0,0,"IF", 0, 2, 0);
	trans[0][861]	= settr(860,0,873,413,413,"(kept)", 0, 2, 0); /* m: 862 -> 873,0 */
	reached0[862] = 1;
	trans[0][862]	= settr(0,0,0,0,0,"kept = 0",0,0,0);
	T = trans[ 0][873] = settr(872,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(872,0,872,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][872]	= settr(871,32,884,414,414,"D_STEP14", 1, 2, 0);
	trans[0][876]	= settr(875,0,884,1,0,".(goto)", 0, 2, 0);
	trans[0][874]	= settr(873,0,884,2,0,"else", 0, 2, 0);
	trans[0][880]	= settr(879,0,884,1,0,".(goto)", 0, 2, 0);
	trans[0][878]	= settr(877,0,884,2,0,"else", 0, 2, 0);
/*->*/	trans[0][884]	= settr(883,32,1345,415,415,"D_STEP104", 1, 2, 0);
	T = trans[0][1345] = settr(1344,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1344,0,885,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1344,0,887,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1344,0,1343,0,0,"IF", 0, 2, 0);
	trans[0][885]	= settr(884,0,1348,416,416,"(((result==Granted)&&(me<0)))", 0, 2, 0); /* m: 886 -> 1348,0 */
	reached0[886] = 1;
	trans[0][886]	= settr(0,0,0,0,0,"result = 0",0,0,0);
	trans[0][1346]	= settr(1345,0,1347,1,0,".(goto)", 0, 2, 0); /* m: 1347 -> 0,1348 */
	reached0[1347] = 1;
	trans[0][887]	= settr(886,0,892,417,417,"(((result==Granted)&&(me>=0)))", 0, 2, 0);
/*->*/	trans[0][892]	= settr(891,32,941,418,418,"D_STEP109", 1, 2, 0);
	T = trans[ 0][941] = settr(940,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(940,0,895,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][895]	= settr(894,32,935,419,419,"D_STEP201", 1, 2, 0);
	trans[0][936]	= settr(935,0,935,1,0,".(goto)", 0, 2, 0);
	T = trans[0][935] = settr(934,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(934,0,898,0,0,"DO", 0, 2, 0);
	T = trans[ 0][898] = settr(897,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(897,2,896,0,0,"ATOMIC", 0, 2, 0);
	trans[0][896]	= settr(895,4,902,420,420,"next = (word-(held<<6))", 0, 2, 0); /* m: 897 -> 0,902 */
	reached0[897] = 1;
	trans[0][897]	= settr(0,0,0,0,0,"done = 1",0,0,0);
	T = trans[0][902] = settr(901,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(901,0,899,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(901,0,901,0,0,"IF", 0, 2, 0);
	trans[0][899]	= settr(898,0,907,421,421,"(((next&(((1|2)|4)|8))!=0))", 0, 2, 0); /* m: 900 -> 907,0 */
	reached0[900] = 1;
	trans[0][900]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][903]	= settr(902,0,907,1,0,".(goto)", 0, 2, 0);
	trans[0][901]	= settr(900,0,907,2,0,"else", 0, 2, 0);
	T = trans[0][907] = settr(906,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(906,0,904,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(906,0,906,0,0,"IF", 0, 2, 0);
	trans[0][904]	= settr(903,0,940,422,0,"(!(done))", 0, 2, 0);
	trans[0][905]	= settr(904,0,940,1,0,"goto :b11", 0, 2, 0);
	trans[0][908]	= settr(907,0,924,1,0,".(goto)", 0, 2, 0);
	trans[0][906]	= settr(905,0,924,2,0,"else", 0, 2, 0);
/*->*/	trans[0][924]	= settr(923,32,933,423,423,"D_STEP213", 1, 2, 0);
	T = trans[0][933] = settr(932,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(932,0,925,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(932,0,932,0,0,"IF", 0, 2, 0);
	trans[0][925]	= settr(924,0,929,424,424,"((word==0))", 0, 2, 0);
	T = trans[0][929] = settr(928,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(928,0,926,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(928,0,928,0,0,"IF", 0, 2, 0);
	trans[0][926]	= settr(925,0,940,425,425,"(!(done))", 0, 2, 0); /* m: 927 -> 940,0 */
	reached0[927] = 1;
	trans[0][927]	= settr(0,0,0,0,0,"held = 0",0,0,0);
	trans[0][930]	= settr(929,0,940,1,0,".(goto)", 0, 2, 0);
	trans[0][928]	= settr(927,0,940,2,0,"else", 0, 2, 0);
	trans[0][931]	= settr(930,0,940,1,0,"goto :b11", 0, 2, 0);
	trans[0][934]	= settr(933,0,935,1,0,".(goto)", 0, 2, 0);
	trans[0][932]	= settr(931,0,935,2,0,"else", 0, 2, 0);
	trans[0][937]	= settr(936,0,940,1,0,"break", 0, 2, 0);
	T = trans[ 0][940] = settr(939,2,0,0,0,"ATOMIC", 0, 2, 0);
	T->nxt	= settr(939,2,938,0,0,"ATOMIC", 0, 2, 0);
	trans[0][938]	= settr(937,4,1339,426,426,"word = 0", 0, 2, 0); /* m: 939 -> 0,1339 */
	reached0[939] = 1;
	trans[0][939]	= settr(0,0,0,0,0,"next = 0",0,0,0);
	T = trans[0][1339] = settr(1338,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1338,0,942,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1338,0,1337,0,0,"IF", 0, 2, 0);
	trans[0][942]	= settr(941,0,1336,427,427,"(!(done))", 0, 2, 0);
	T = trans[ 0][1336] = settr(1335,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1335,0,946,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][946] = settr(945,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(945,0,945,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][945]	= settr(944,32,1188,428,428,"D_STEP10", 1, 2, 0);
	T = trans[ 0][1188] = settr(1187,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1187,0,951,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][951] = settr(950,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(950,0,950,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][950]	= settr(949,32,956,429,429,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][956]	= settr(955,32,1066,430,430,"D_STEP296", 1, 2, 0);
	T = trans[ 0][1066] = settr(1065,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1065,0,1064,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1064] = settr(1063,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1063,0,957,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1063,0,1063,0,0,"IF", 0, 2, 0);
	trans[0][957]	= settr(956,0,1005,431,0,"(((queued_!=0)||(len(drains_)!=0)))", 1, 2, 0);
	T = trans[ 0][1005] = settr(1004,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1004,0,1001,0,0,"sub-sequence", 0, 2, 0);
	trans[0][1002]	= settr(1001,0,1001,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1001] = settr(1000,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1000,0,958,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1000,0,999,0,0,"DO", 0, 2, 0);
	trans[0][958]	= settr(957,0,967,432,0,"(((now==1)&&((deadline[0]||deadline[1])||deadline[2])))", 1, 2, 0);
	T = trans[ 0][967] = settr(966,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(966,0,965,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][965] = settr(964,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(964,0,959,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(964,0,961,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(964,0,963,0,0,"IF", 0, 2, 0);
	trans[0][959]	= settr(958,0,960,433,0,"(deadline[0])", 1, 2, 0);
	trans[0][960]	= settr(959,0,997,434,434,"head = 0", 0, 2, 0);
	trans[0][966]	= settr(965,0,997,1,0,".(goto)", 0, 2, 0);
	trans[0][961]	= settr(960,0,962,435,0,"(deadline[1])", 1, 2, 0);
	trans[0][962]	= settr(961,0,997,436,436,"head = 1", 0, 2, 0);
	trans[0][963]	= settr(962,0,964,437,0,"(deadline[2])", 1, 2, 0);
	trans[0][964]	= settr(963,0,997,438,438,"head = 2", 0, 2, 0);
	T = trans[ 0][997] = settr(996,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(996,0,989,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][989]	= settr(988,32,995,439,439,"D_STEP546", 1, 504, 503);
	T = trans[0][995] = settr(994,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(994,0,990,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(994,0,994,0,0,"IF", 0, 2, 0);
	trans[0][990]	= settr(989,0,993,440,440,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[0][993]	= settr(992,32,998,441,441,"D_STEP569", 1, 2, 0);
	trans[0][996]	= settr(995,0,998,1,0,".(goto)", 0, 2, 0); /* m: 998 -> 0,1001 */
	reached0[998] = 1;
	trans[0][994]	= settr(993,0,998,2,0,"else", 0, 2, 0);
	trans[0][998]	= settr(997,0,1001,442,442,"head = 0", 0, 2, 0);
	trans[0][999]	= settr(998,0,1004,2,0,"else", 0, 2, 0);
	trans[0][1000]	= settr(999,0,1004,1,0,"goto :b12", 0, 2, 0);
	trans[0][1003]	= settr(1002,0,1004,1,0,"break", 0, 2, 0);
	trans[0][1004]	= settr(1003,0,1062,443,443,"slicing = 0", 1, 2, 0);
	T = trans[ 0][1062] = settr(1061,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1061,0,1058,0,0,"sub-sequence", 0, 2, 0);
	trans[0][1059]	= settr(1058,0,1058,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1058] = settr(1057,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1057,0,1006,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1057,0,1056,0,0,"DO", 0, 2, 0);
	trans[0][1006]	= settr(1005,0,1012,444,0,"((len(queue_)!=0))", 1, 2, 0);
/*->*/	trans[0][1012]	= settr(1011,32,1054,445,445,"D_STEP511", 1, 503, 0);
	T = trans[0][1054] = settr(1053,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1053,0,1013,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1053,0,1051,0,0,"IF", 0, 2, 0);
	trans[0][1013]	= settr(1012,0,1019,446,446,"(done)", 0, 2, 0);
/*->*/	trans[0][1019]	= settr(1018,32,1049,447,447,"D_STEP524", 1, 2, 0);
	T = trans[ 0][1049] = settr(1048,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1048,0,1041,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1041]	= settr(1040,32,1047,448,448,"D_STEP546", 1, 504, 503);
	T = trans[0][1047] = settr(1046,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1046,0,1042,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1046,0,1046,0,0,"IF", 0, 2, 0);
	trans[0][1042]	= settr(1041,0,1045,449,449,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[0][1045]	= settr(1044,32,1050,450,450,"D_STEP569", 1, 2, 0);
	trans[0][1048]	= settr(1047,0,1050,1,0,".(goto)", 0, 2, 0); /* m: 1050 -> 0,1058 */
	reached0[1050] = 1;
	trans[0][1046]	= settr(1045,0,1050,2,0,"else", 0, 2, 0);
	trans[0][1050]	= settr(1049,0,1058,451,451,"head = 0", 0, 2, 0);
	trans[0][1055]	= settr(1054,0,1058,1,0,".(goto)", 0, 2, 0);
	trans[0][1051]	= settr(1050,0,1052,2,0,"else", 0, 2, 0);
	trans[0][1052]	= settr(1051,0,1061,452,452,"head = 0", 0, 2, 0);
	trans[0][1053]	= settr(1052,0,1061,1,0,"goto :b13", 0, 2, 0);
	trans[0][1056]	= settr(1055,0,1061,2,0,"else", 0, 2, 0);
	trans[0][1057]	= settr(1056,0,1061,1,0,"goto :b13", 0, 2, 0);
	trans[0][1060]	= settr(1059,0,1061,1,0,"break", 0, 2, 0);
	trans[0][1061]	= settr(1060,0,1069,1,0,"(1)", 0, 2, 0);
	trans[0][1065]	= settr(1064,0,1069,1,0,".(goto)", 0, 2, 0);
	trans[0][1063]	= settr(1062,0,1069,2,0,"else", 0, 2, 0);
/*->*/	trans[0][1069]	= settr(1068,32,1113,453,453,"D_STEP303", 1, 2, 0);
	T = trans[0][1113] = settr(1112,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1112,0,1070,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1112,0,1112,0,0,"IF", 0, 2, 0);
	trans[0][1070]	= settr(1069,0,1110,454,0,"((((word&2)!=0)&&((word>>6)==0)))", 0, 2, 0);
	T = trans[ 0][1110] = settr(1109,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1109,0,1106,0,0,"sub-sequence", 0, 2, 0);
	trans[0][1107]	= settr(1106,0,1106,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1106] = settr(1105,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1105,0,1071,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1105,0,1104,0,0,"DO", 0, 2, 0);
	trans[0][1071]	= settr(1070,0,1072,455,0,"((len(drains_)!=0))", 1, 2, 0);
	trans[0][1072]	= settr(1071,0,1102,456,456,"drains_?<head>", 1, 504, 0);
	T = trans[ 0][1102] = settr(1101,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1101,0,1094,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1094]	= settr(1093,32,1100,457,457,"D_STEP546", 1, 504, 503);
	T = trans[0][1100] = settr(1099,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1099,0,1095,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1099,0,1099,0,0,"IF", 0, 2, 0);
	trans[0][1095]	= settr(1094,0,1098,458,458,"(((head!=3)&&(queued_==0)))", 1, 2, 0);
/*->*/	trans[0][1098]	= settr(1097,32,1103,459,459,"D_STEP569", 1, 2, 0);
	trans[0][1101]	= settr(1100,0,1103,1,0,".(goto)", 0, 2, 0); /* m: 1103 -> 0,1106 */
	reached0[1103] = 1;
	trans[0][1099]	= settr(1098,0,1103,2,0,"else", 0, 2, 0);
	trans[0][1103]	= settr(1102,0,1106,460,460,"head = 0", 0, 2, 0);
	trans[0][1104]	= settr(1103,0,1109,2,0,"else", 0, 2, 0);
	trans[0][1105]	= settr(1104,0,1109,1,0,"goto :b14", 0, 2, 0);
	trans[0][1108]	= settr(1107,0,1109,1,0,"break", 0, 2, 0);
	trans[0][1109]	= settr(1108,0,1173,461,461,"(1)", 0, 2, 0); /* m: 1111 -> 1173,0 */
	reached0[1111] = 1;
	trans[0][1111]	= settr(0,0,0,0,0,"lastOut = ((word&4)!=0)",0,0,0);
	trans[0][1114]	= settr(1113,0,1115,1,0,".(goto)", 0, 2, 0); /* m: 1115 -> 0,1173 */
	reached0[1115] = 1;
	trans[0][1112]	= settr(1111,0,1115,2,0,"else", 0, 2, 0);
	trans[0][1115]	= settr(1114,0,1173,462,462,"word = 0", 0, 2, 0);
	T = trans[ 0][1173] = settr(1172,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1172,0,1170,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1170] = settr(1169,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1169,0,1116,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1169,0,1130,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1169,0,1144,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1169,0,1157,0,0,"IF", 0, 2, 0);
	trans[0][1116]	= settr(1115,0,1117,463,0,"(((deadline[0]||deadline[1])||deadline[2]))", 1, 2, 0);
	trans[0][1117]	= settr(1116,0,1129,464,464,"tends = (tends||!(timerAt_))", 1, 2, 0);
	T = trans[ 0][1129] = settr(1128,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1128,0,1127,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1127] = settr(1126,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1126,0,1118,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1126,0,1122,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1126,0,1126,0,0,"IF", 0, 2, 0);
	trans[0][1118]	= settr(1117,0,1121,465,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][1121]	= settr(1120,32,1172,466,466,"D_STEP604", 1, 2, 0);
	trans[0][1128]	= settr(1127,0,1172,1,0,".(goto)", 0, 2, 0); /* m: 1172 -> 0,1187 */
	reached0[1172] = 1;
	trans[0][1122]	= settr(1121,0,1125,467,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][1125]	= settr(1124,32,1172,468,468,"D_STEP605", 1, 2, 0);
	trans[0][1126]	= settr(1125,0,1172,2,0,"else", 0, 2, 0);
	trans[0][1171]	= settr(1170,0,1172,1,0,".(goto)", 0, 2, 0); /* m: 1172 -> 0,1187 */
	reached0[1172] = 1;
	trans[0][1130]	= settr(1129,0,1131,469,469,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&!(begins)))", 1, 2, 0);
	trans[0][1131]	= settr(1130,0,1143,470,470,"tends = 1", 0, 2, 0);
	T = trans[ 0][1143] = settr(1142,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1142,0,1141,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1141] = settr(1140,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1140,0,1132,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1140,0,1136,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1140,0,1140,0,0,"IF", 0, 2, 0);
	trans[0][1132]	= settr(1131,0,1135,471,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][1135]	= settr(1134,32,1172,472,472,"D_STEP604", 1, 2, 0);
	trans[0][1142]	= settr(1141,0,1172,1,0,".(goto)", 0, 2, 0); /* m: 1172 -> 0,1187 */
	reached0[1172] = 1;
	trans[0][1136]	= settr(1135,0,1139,473,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][1139]	= settr(1138,32,1172,474,474,"D_STEP605", 1, 2, 0);
	trans[0][1140]	= settr(1139,0,1172,2,0,"else", 0, 2, 0);
	trans[0][1144]	= settr(1143,0,1156,475,475,"(((!(((deadline[0]||deadline[1])||deadline[2]))&&timerAt_)&&begins))", 1, 2, 0);
	T = trans[ 0][1156] = settr(1155,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1155,0,1154,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1154] = settr(1153,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1153,0,1145,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1153,0,1149,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1153,0,1153,0,0,"IF", 0, 2, 0);
	trans[0][1145]	= settr(1144,0,1148,476,0,"((1&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][1148]	= settr(1147,32,1172,477,477,"D_STEP604", 1, 2, 0);
	trans[0][1155]	= settr(1154,0,1172,1,0,".(goto)", 0, 2, 0); /* m: 1172 -> 0,1187 */
	reached0[1172] = 1;
	trans[0][1149]	= settr(1148,0,1152,478,0,"((!(1)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][1152]	= settr(1151,32,1172,479,479,"D_STEP605", 1, 2, 0);
	trans[0][1153]	= settr(1152,0,1172,2,0,"else", 0, 2, 0);
	trans[0][1157]	= settr(1156,0,1169,480,0,"((!(((deadline[0]||deadline[1])||deadline[2]))&&!(timerAt_)))", 1, 2, 0);
	T = trans[ 0][1169] = settr(1168,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1168,0,1167,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1167] = settr(1166,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1166,0,1158,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1166,0,1162,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1166,0,1166,0,0,"IF", 0, 2, 0);
	trans[0][1158]	= settr(1157,0,1161,481,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][1161]	= settr(1160,32,1172,482,482,"D_STEP604", 1, 2, 0);
	trans[0][1168]	= settr(1167,0,1172,1,0,".(goto)", 0, 2, 0); /* m: 1172 -> 0,1187 */
	reached0[1172] = 1;
	trans[0][1162]	= settr(1161,0,1165,483,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][1165]	= settr(1164,32,1172,484,484,"D_STEP605", 1, 2, 0);
	trans[0][1166]	= settr(1165,0,1172,2,0,"else", 0, 2, 0);
	trans[0][1172]	= settr(1171,0,1187,485,485,"begins = 0", 0, 2, 0);
	T = trans[ 0][1187] = settr(1186,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1186,0,1186,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1186]	= settr(1185,32,1324,486,486,"D_STEP84", 1, 503, 0);
	T = trans[ 0][1324] = settr(1323,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1323,0,1305,0,0,"sub-sequence", 0, 2, 0);
	trans[0][1306]	= settr(1305,0,1305,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1305] = settr(1304,0,0,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1304,0,1189,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1304,0,1195,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1304,0,1201,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1304,0,1207,0,0,"DO", 0, 2, 0);
	T = T->nxt	= settr(1304,0,1213,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1304,0,1303,0,0,"DO", 0, 2, 0);
	trans[0][1189]	= settr(1188,0,1194,487,0,"((ready&1))", 0, 2, 0);
	T = trans[ 0][1194] = settr(1193,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1193,0,1193,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1193]	= settr(1192,32,1305,488,488,"D_STEP29", 1, 2, 0);
	trans[0][1195]	= settr(1194,0,1200,489,0,"((ready&2))", 0, 2, 0);
	T = trans[ 0][1200] = settr(1199,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1199,0,1199,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1199]	= settr(1198,32,1305,490,490,"D_STEP29", 1, 2, 0);
	trans[0][1201]	= settr(1200,0,1206,491,0,"((ready&4))", 0, 2, 0);
	T = trans[ 0][1206] = settr(1205,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1205,0,1205,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1205]	= settr(1204,32,1305,492,492,"D_STEP29", 1, 2, 0);
	trans[0][1207]	= settr(1206,0,1212,493,0,"((ready&8))", 0, 2, 0);
	T = trans[ 0][1212] = settr(1211,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1211,0,1211,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1211]	= settr(1210,32,1305,494,494,"D_STEP29", 1, 2, 0);
	trans[0][1213]	= settr(1212,0,1302,495,495,"(((ready==0)&&tends))", 0, 2, 0); /* m: 1214 -> 1302,0 */
	reached0[1214] = 1;
	trans[0][1214]	= settr(0,0,0,0,0,"tends = 0",0,0,0);
	T = trans[ 0][1302] = settr(1301,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1301,0,1219,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1219]	= settr(1218,32,1299,496,496,"D_STEP67", 1, 2, 0);
	T = trans[0][1299] = settr(1298,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1298,0,1220,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1298,0,1298,0,0,"IF", 0, 2, 0);
	trans[0][1220]	= settr(1219,0,1295,497,497,"(done)", 0, 2, 0); /* m: 1221 -> 1295,0 */
	reached0[1221] = 1;
	trans[0][1221]	= settr(0,0,0,0,0,"done = 0",0,0,0);
	trans[0][1296]	= settr(1295,0,1295,1,0,".(goto)", 0, 2, 0);
	T = trans[0][1295] = settr(1294,0,0,0,0,"DO", 0, 2, 0);
	    T->nxt	= settr(1294,0,1285,0,0,"DO", 0, 2, 0);
	T = trans[ 0][1285] = settr(1284,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1284,0,1273,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][1273] = settr(1272,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1272,0,1226,0,0,"sub-sequence", 0, 2, 0);
	T = trans[ 0][1226] = settr(1225,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1225,0,1225,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1225]	= settr(1224,32,1229,498,498,"D_STEP79", 1, 2, 0);
/*->*/	trans[0][1229]	= settr(1228,32,1230,499,499,"D_STEP613", 1, 2, 0);
	trans[0][1230]	= settr(1229,0,1236,500,500,"requested_ = 0", 1, 2, 0);
	T = trans[0][1236] = settr(1235,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1235,0,1231,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1235,0,1233,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1235,0,1235,0,0,"IF", 0, 2, 0);
	trans[0][1231]	= settr(1230,0,1232,501,501,"((done&&timerAt_))", 1, 2, 0);
	trans[0][1232]	= settr(1231,0,1257,502,502,"done = 0", 0, 2, 0);
	trans[0][1237]	= settr(1236,0,1257,1,0,".(goto)", 0, 2, 0);
	trans[0][1233]	= settr(1232,0,1234,503,0,"((!(done)&&timerAt_))", 1, 2, 0);
	trans[0][1234]	= settr(1233,0,1257,504,504,"more = 1", 0, 2, 0);
	trans[0][1235]	= settr(1234,0,1257,2,0,"else", 0, 2, 0);
	T = trans[0][1257] = settr(1256,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1256,0,1238,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1256,0,1256,0,0,"IF", 0, 2, 0);
	trans[0][1238]	= settr(1237,0,1243,505,0,"((done||more))", 0, 2, 0);
/*->*/	trans[0][1243]	= settr(1242,32,1255,506,506,"D_STEP622", 1, 2, 0);
	T = trans[ 0][1255] = settr(1254,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1254,0,1253,0,0,"sub-sequence", 0, 2, 0);
	T = trans[0][1253] = settr(1252,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1252,0,1244,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1252,0,1248,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1252,0,1252,0,0,"IF", 0, 2, 0);
	trans[0][1244]	= settr(1243,0,1247,507,0,"((0&&((word_&8)==0)))", 1, 2, 0);
/*->*/	trans[0][1247]	= settr(1246,32,1272,508,508,"D_STEP604", 1, 2, 0);
	trans[0][1254]	= settr(1253,0,1272,1,0,".(goto)", 0, 2, 0);
	trans[0][1248]	= settr(1247,0,1251,509,0,"((!(0)&&((word_&8)!=0)))", 1, 2, 0);
/*->*/	trans[0][1251]	= settr(1250,32,1272,510,510,"D_STEP605", 1, 2, 0);
	trans[0][1252]	= settr(1251,0,1272,2,0,"else", 0, 2, 0);
	trans[0][1258]	= settr(1257,0,1272,1,0,".(goto)", 0, 2, 0);
	trans[0][1256]	= settr(1255,0,1272,2,0,"else", 0, 2, 0);
	T = trans[ 0][1272] = settr(1271,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1271,0,1271,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1271]	= settr(1270,32,1279,511,511,"D_STEP84", 1, 503, 0);
	T = trans[0][1279] = settr(1278,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1278,0,1274,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1278,0,1276,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1278,0,1278,0,0,"IF", 0, 2, 0);
	trans[0][1274]	= settr(1273,0,1275,512,512,"(done)", 0, 2, 0);
	trans[0][1275]	= settr(1274,0,1284,513,513,"timer = (generation+1)", 1, 2, 0);
	trans[0][1280]	= settr(1279,0,1284,1,0,".(goto)", 0, 2, 0);
	trans[0][1276]	= settr(1275,0,1277,514,514,"(more)", 0, 2, 0);
	trans[0][1277]	= settr(1276,0,1284,515,515,"timer = 0", 1, 2, 0);
	trans[0][1278]	= settr(1277,0,1284,2,0,"else", 0, 2, 0);
/*->*/	trans[0][1284]	= settr(1283,32,1289,516,516,"D_STEP89", 0, 2, 0);
/*->*/	trans[0][1289]	= settr(1288,32,1293,517,517,"D_STEP73", 1, 2, 0);
	T = trans[0][1293] = settr(1292,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1292,0,1290,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1292,0,1292,0,0,"IF", 0, 2, 0);
	trans[0][1290]	= settr(1289,0,1305,518,518,"((index==0))", 0, 2, 0); /* m: 1301 -> 1305,0 */
	reached0[1301] = 1;
	trans[0][1291]	= settr(1290,0,1301,1,0,"goto :b16", 0, 2, 0); /* m: 1301 -> 0,1305 */
	reached0[1301] = 1;
	trans[0][1294]	= settr(1293,0,1295,1,0,".(goto)", 0, 2, 0);
	trans[0][1292]	= settr(1291,0,1295,2,0,"else", 0, 2, 0);
	trans[0][1297]	= settr(1296,0,1301,1,0,"break", 0, 2, 0);
	trans[0][1300]	= settr(1299,0,1301,1,0,".(goto)", 0, 2, 0); /* m: 1301 -> 0,1305 */
	reached0[1301] = 1;
	trans[0][1298]	= settr(1297,0,1301,2,0,"else", 0, 2, 0);
	trans[0][1301]	= settr(1300,0,1305,519,519,"index = 0", 0, 2, 0);
	trans[0][1303]	= settr(1302,0,1322,520,0,"(((ready==0)&&!(tends)))", 0, 2, 0);
	trans[0][1304]	= settr(1303,0,1322,1,0,"goto :b15", 0, 2, 0);
	trans[0][1307]	= settr(1306,0,1322,1,0,"break", 0, 2, 0);
	T = trans[0][1322] = settr(1321,0,0,0,0,"IF", 0, 2, 0);
	T = T->nxt	= settr(1321,0,1308,0,0,"IF", 0, 2, 0);
	    T->nxt	= settr(1321,0,1321,0,0,"IF", 0, 2, 0);
	trans[0][1308]	= settr(1307,0,1320,521,521,"(lastOut)", 0, 2, 0); /* m: 1309 -> 1320,0 */
	reached0[1309] = 1;
	trans[0][1309]	= settr(0,0,0,0,0,"lastOut = 0",0,0,0);
	T = trans[ 0][1320] = settr(1319,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1319,0,1319,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1319]	= settr(1318,32,1335,522,522,"D_STEP14", 1, 2, 0);
	trans[0][1323]	= settr(1322,0,1335,1,0,".(goto)", 0, 2, 0);
	trans[0][1321]	= settr(1320,0,1335,2,0,"else", 0, 2, 0);
	T = trans[ 0][1335] = settr(1334,0,0,0,0,"sub-sequence", 0, 2, 0);
	T->nxt	= settr(1334,0,1334,0,0,"sub-sequence", 0, 2, 0);
/*->*/	trans[0][1334]	= settr(1333,32,1341,523,523,"D_STEP14", 1, 2, 0);
	trans[0][1340]	= settr(1339,0,1341,1,0,".(goto)", 0, 2, 0); /* m: 1341 -> 0,1348 */
	reached0[1341] = 1;
	trans[0][1337]	= settr(1336,0,1338,2,0,"else", 0, 2, 0);
	trans[0][1338]	= settr(1337,0,1348,524,524,"done = 0", 0, 2, 0); /* m: 1341 -> 0,1348 */
	reached0[1341] = 1;
	trans[0][1341]	= settr(1340,0,1348,525,525,"now = 0", 0, 2, 0); /* m: 1342 -> 0,1348 */
	reached0[1342] = 1;
	trans[0][1342]	= settr(0,0,0,0,0,"held = 0",0,0,0);
	trans[0][1343]	= settr(1342,0,1344,2,0,"else", 0, 2, 0);
	trans[0][1344]	= settr(1343,0,1348,526,526,"result = 0", 0, 2, 0); /* m: 1347 -> 0,1348 */
	reached0[1347] = 1;
	trans[0][1347]	= settr(1346,0,1348,527,527,"weight = 0", 0, 2, 0);
	trans[0][1350]	= settr(1349,0,1351,1,0,"break", 0, 2, 0);
	trans[0][1351]	= settr(1350,0,1352,528,528,"ended = (ended+1)", 1, 2, 0);
	trans[0][1352]	= settr(1351,0,0,529,529,"-end-", 0, 3500, 0);
	/* np_ demon: */
	trans[_NP_] = (Trans **) emalloc(3*sizeof(Trans *));
	T = trans[_NP_][0] = settr(9997,0,1,_T5,0,"(np_)", 1,2,0);
	    T->nxt	  = settr(9998,0,0,_T2,0,"(1)",   0,2,0);
	T = trans[_NP_][1] = settr(9999,0,1,_T5,0,"(np_)", 1,2,0);
}

Trans *
settr(	int t_id, int a, int b, int c, int d,
	char *t, int g, int tpe0, int tpe1)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	tmp->atom  = a&(6|32);	/* only (2|8|32) have meaning */
	if (!g) tmp->atom |= 8;	/* no global references */
	tmp->st    = b;
	tmp->tpe[0] = tpe0;
	tmp->tpe[1] = tpe1;
	tmp->tp    = t;
	tmp->t_id  = t_id;
	tmp->forw  = c;
	tmp->back  = d;
	return tmp;
}

Trans *
cpytr(Trans *a)
{	Trans *tmp = (Trans *) emalloc(sizeof(Trans));

	int i;
	tmp->atom  = a->atom;
	tmp->st    = a->st;
#ifdef HAS_UNLESS
	tmp->e_trans = a->e_trans;
	for (i = 0; i < HAS_UNLESS; i++)
		tmp->escp[i] = a->escp[i];
#endif
	tmp->tpe[0] = a->tpe[0];
	tmp->tpe[1] = a->tpe[1];
	for (i = 0; i < 6; i++)
	{	tmp->qu[i] = a->qu[i];
		tmp->ty[i] = a->ty[i];
	}
	tmp->tp    = (char *) emalloc(strlen(a->tp)+1);
	strcpy(tmp->tp, a->tp);
	tmp->t_id  = a->t_id;
	tmp->forw  = a->forw;
	tmp->back  = a->back;
	return tmp;
}

#ifndef NOREDUCE
int
srinc_set(int n)
{	if (n <= 2) return LOCAL;
	if (n <= 2+  DELTA) return Q_FULL_F; /* 's' or nfull  */
	if (n <= 2+2*DELTA) return Q_EMPT_F; /* 'r' or nempty */
	if (n <= 2+3*DELTA) return Q_EMPT_T; /* empty */
	if (n <= 2+4*DELTA) return Q_FULL_T; /* full  */
	if (n ==   5*DELTA) return GLOBAL;
	if (n ==   6*DELTA) return TIMEOUT_F;
	if (n ==   7*DELTA) return ALPHA_F;
	Uerror("cannot happen srinc_class");
	return BAD;
}
int
srunc(int n, int m)
{	switch(m) {
	case Q_FULL_F: return n-2;
	case Q_EMPT_F: return n-2-DELTA;
	case Q_EMPT_T: return n-2-2*DELTA;
	case Q_FULL_T: return n-2-3*DELTA;
	case ALPHA_F:
	case TIMEOUT_F: return 257; /* non-zero, and > MAXQ */
	}
	Uerror("cannot happen srunc");
	return 0;
}
#endif
int cnt;
#ifdef HAS_UNLESS
int
isthere(Trans *a, int b)
{	Trans *t;
	for (t = a; t; t = t->nxt)
		if (t->t_id == b)
			return 1;
	return 0;
}
#endif
#ifndef NOREDUCE
int
mark_safety(Trans *t) /* for conditional safety */
{	int g = 0, i, j, k;

	if (!t) return 0;
	if (t->qu[0])
		return (t->qu[1])?2:1;	/* marked */

	for (i = 0; i < 2; i++)
	{	j = srinc_set(t->tpe[i]);
		if (j >= GLOBAL && j != ALPHA_F)
			return -1;
		if (j != LOCAL)
		{	k = srunc(t->tpe[i], j);
			if (g == 0
			||  t->qu[0] != k
			||  t->ty[0] != j)
			{	t->qu[g] = k;
				t->ty[g] = j;
				g++;
	}	}	}
	return g;
}
#endif
void
retrans(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
	/* process n, with m states, is=initial state */
{	Trans *T0, *T1, *T2, *T3;
	Trans *T4, *T5; /* t_reverse or has_unless */
	int i;
#if defined(HAS_UNLESS) || !defined(NOREDUCE)
	int k;
#endif
#ifndef NOREDUCE
	int g, h, j, aa;
#endif
#ifdef HAS_UNLESS
	int p;
#endif
	if (state_tables >= 4)
	{	printf("STEP 1 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	do {
		for (i = 1, cnt = 0; i < m; i++)
		{	T2 = trans[n][i];
			T1 = T2?T2->nxt:(Trans *)0;
/* prescan: */		for (T0 = T1; T0; T0 = T0->nxt)
/* choice in choice */	{	if (T0->st && trans[n][T0->st]
				&&  trans[n][T0->st]->nxt)
					break;
			}
#if 0
		if (T0)
		printf("\tstate %d / %d: choice in choice\n",
		i, T0->st);
#endif
			if (T0)
			for (T0 = T1; T0; T0 = T0->nxt)
			{	T3 = trans[n][T0->st];
				if (!T3->nxt)
				{	T2->nxt = cpytr(T0);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
					continue;
				}
				do {	T3 = T3->nxt;
					T2->nxt = cpytr(T3);
					T2 = T2->nxt;
					imed(T2, T0->st, n, i);
				} while (T3->nxt);
				cnt++;
			}
		}
	} while (cnt);
	if (state_tables >= 3)
	{	printf("STEP 2 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
	for (i = 1; i < m; i++)
	{	if (trans[n][i] && trans[n][i]->nxt) /* optimize */
		{	T1 = trans[n][i]->nxt;
#if 0
			printf("\t\tpull %d (%d) to %d\n",
			T1->st, T1->forw, i);
#endif
			srcln[i] = srcln[T1->st];	/* Oyvind Teig, 5.2.0 */

			if (!trans[n][T1->st]) continue;
			T0 = cpytr(trans[n][T1->st]);
			trans[n][i] = T0;
			reach[T1->st] = 1;
			imed(T0, T1->st, n, i);
			for (T1 = T1->nxt; T1; T1 = T1->nxt)
			{
#if 0
			printf("\t\tpull %d (%d) to %d\n",
				T1->st, T1->forw, i);
#endif
		/*		srcln[i] = srcln[T1->st];  gh: not useful */
				if (!trans[n][T1->st]) continue;
				T0->nxt = cpytr(trans[n][T1->st]);
				T0 = T0->nxt;
				reach[T1->st] = 1;
				imed(T0, T1->st, n, i);
	}	}	}
	if (state_tables >= 2)
	{	printf("STEP 3 %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
		return;
	}
#ifdef HAS_UNLESS
	for (i = 1; i < m; i++)
	{	if (!trans[n][i]) continue;
		/* check for each state i if an
		 * escape to some state p is defined
		 * if so, copy and mark p's transitions
		 * and prepend them to the transition-
		 * list of state i
		 */
	 if (!like_java) /* the default */
	 {	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->e_trans = p;
				T2->nxt = trans[n][i];
				trans[n][i] = T2;
		}	}
	 } else /* outermost unless checked first */
	 {	T4 = T3 = (Trans *) 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		for (k = HAS_UNLESS-1; k >= 0; k--)
		{	if (p = T0->escp[k])
			for (T1 = trans[n][p]; T1; T1 = T1->nxt)
			{	if (isthere(trans[n][i], T1->t_id))
					continue;
				T2 = cpytr(T1);
				T2->nxt = (Trans *) 0;
				T2->e_trans = p;
				if (T3)	T3->nxt = T2;
				else	T4 = T2;
				T3 = T2;
		}	}
		if (T4)
		{	T3->nxt = trans[n][i];
			trans[n][i] = T4;
		}
	 }
	}
#endif
#ifndef NOREDUCE
	for (i = 1; i < m; i++)
	{	if (a_cycles)
		{ /* moves through these states are visible */
	#if PROG_LAB>0 && defined(HAS_NP)
			if (progstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (progstate[n][T1->st])
					goto degrade;
	#endif
			if (accpstate[n][i] || visstate[n][i])
				goto degrade;
			for (T1 = trans[n][i]; T1; T1 = T1->nxt)
				if (accpstate[n][T1->st])
					goto degrade;
		}
		T1 = trans[n][i];
		if (!T1) continue;
		g = mark_safety(T1);	/* V3.3.1 */
		if (g < 0) goto degrade; /* global */
		/* check if mixing of guards preserves reduction */
		if (T1->nxt)
		{	k = 0;
			for (T0 = T1; T0; T0 = T0->nxt)
			{	if (!(T0->atom&8))
					goto degrade;
				for (aa = 0; aa < 2; aa++)
				{	j = srinc_set(T0->tpe[aa]);
					if (j >= GLOBAL && j != ALPHA_F)
						goto degrade;
					if (T0->tpe[aa]
					&&  T0->tpe[aa]
					!=  T1->tpe[0])
						k = 1;
			}	}
			/* g = 0;	V3.3.1 */
			if (k)	/* non-uniform selection */
			for (T0 = T1; T0; T0 = T0->nxt)
			for (aa = 0; aa < 2; aa++)
			{	j = srinc_set(T0->tpe[aa]);
				if (j != LOCAL)
				{	k = srunc(T0->tpe[aa], j);
					for (h = 0; h < 6; h++)
						if (T1->qu[h] == k
						&&  T1->ty[h] == j)
							break;
					if (h >= 6)
					{	T1->qu[g%6] = k;
						T1->ty[g%6] = j;
						g++;
			}	}	}
			if (g > 6)
			{	T1->qu[0] = 0;	/* turn it off */
				printf("pan: warning, line %d, ",
					srcln[i]);
			 	printf("too many stmnt types (%d)",
					g);
			  	printf(" in selection\n");
			  goto degrade;
			}
		}
		/* mark all options global if >=1 is global */
		for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			if (!(T1->atom&8)) break;
		if (T1)
degrade:	for (T1 = trans[n][i]; T1; T1 = T1->nxt)
			T1->atom &= ~8;	/* mark as unsafe */
		/* can only mix 'r's or 's's if on same chan */
		/* and not mixed with other local operations */
		T1 = trans[n][i];
		if (!T1 || T1->qu[0]) continue;
		j = T1->tpe[0];
		if (T1->nxt && T1->atom&8)
		{ if (j == 5*DELTA)
		  {	printf("warning: line %d ", srcln[i]);
			printf("mixed condition ");
			printf("(defeats reduction)\n");
			goto degrade;
		  }
		  for (T0 = T1; T0; T0 = T0->nxt)
		  for (aa = 0; aa < 2; aa++)
		  if  (T0->tpe[aa] && T0->tpe[aa] != j)
		  {	printf("warning: line %d ", srcln[i]);
			printf("[%d-%d] mixed %stion ",
				T0->tpe[aa], j, 
				(j==5*DELTA)?"condi":"selec");
			printf("(defeats reduction)\n");
			printf("	'%s' <-> '%s'\n",
				T1->tp, T0->tp);
			goto degrade;
		} }
	}
#endif
	for (i = 1; i < m; i++)
	{	T2 = trans[n][i];
		if (!T2
		||  T2->nxt
		||  strncmp(T2->tp, ".(goto)", 7)
		||  !stopstate[n][i])
			continue;
		stopstate[n][T2->st] = 1;
	}
	if (state_tables && !verbose)
	{	if (dodot)
		{	char buf[256], *q = buf, *p = procname[n];
			while (*p != '\0')
			{	if (*p != ':')
				{	*q++ = *p;
				}
				p++;
			}
			*q = '\0';
			printf("digraph ");
			switch (Btypes[n]) {
			case I_PROC:  printf("init {\n"); break;
			case N_CLAIM: printf("claim_%s {\n", buf); break;
			case E_TRACE: printf("notrace {\n"); break;
			case N_TRACE: printf("trace {\n"); break;
			default:      printf("p_%s {\n", buf); break;
			}
			printf("size=\"8,10\";\n");
			printf("  GT [shape=box,style=dotted,label=\"%s\"];\n", buf);
			printf("  GT -> S%d;\n", is);
		} else
		{	switch (Btypes[n]) {
			case I_PROC:  printf("init\n"); break;
			case N_CLAIM: printf("claim %s\n", procname[n]); break;
			case E_TRACE: printf("notrace assertion\n"); break;
			case N_TRACE: printf("trace assertion\n"); break;
			default:      printf("proctype %s\n", procname[n]); break;
		}	}
		for (i = 1; i < m; i++)
		{	reach[i] = 1;
		}
		tagtable(n, m, is, srcln, reach);
		if (dodot) printf("}\n");
	} else
	for (i = 1; i < m; i++)
	{	int nrelse;
		if (Btypes[n] != N_CLAIM)
		{	for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			{	if (T0->st == i
				&& strcmp(T0->tp, "(1)") == 0)
				{	printf("error: proctype '%s' ",
						procname[n]);
		  			printf("line %d, state %d: has un",
						srcln[i], i);
					printf("conditional self-loop\n");
					pan_exit(1);
		}	}	}
		nrelse = 0;
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
		{	if (strcmp(T0->tp, "else") == 0)
				nrelse++;
		}
		if (nrelse > 1)
		{	printf("error: proctype '%s' state",
				procname[n]);
		  	printf(" %d, inherits %d", i, nrelse);
		  	printf(" 'else' stmnts\n");
			pan_exit(1);
	}	}
#if !defined(LOOPSTATE) && !defined(BFS_PAR)
	if (state_tables)
#endif
	do_dfs(n, m, is, srcln, reach, lpstate);

	if (!t_reverse)
	{	return;
	}
	/* process n, with m states, is=initial state -- reverse list */
	if (!state_tables && Btypes[n] != N_CLAIM)
	{	for (i = 1; i < m; i++)
		{	Trans *Tx = (Trans *) 0; /* list of escapes */
			Trans *Ty = (Trans *) 0; /* its tail element */
			T1 = (Trans *) 0; /* reversed list */
			T2 = (Trans *) 0; /* its tail */
			T3 = (Trans *) 0; /* remembers possible 'else' */

			/* find unless-escapes, they should go first */
			T4 = T5 = T0 = trans[n][i];
	#ifdef HAS_UNLESS
			while (T4 && T4->e_trans) /* escapes are first in orig list */
			{	T5 = T4;	  /* remember predecessor */
				T4 = T4->nxt;
			}
	#endif
			/* T4 points to first non-escape, T5 to its parent, T0 to original list */
			if (T4 != T0)		 /* there was at least one escape */
			{	T3 = T5->nxt;		 /* start of non-escapes */
				T5->nxt = (Trans *) 0;	 /* separate */
				Tx = T0;		 /* start of the escapes */
				Ty = T5;		 /* its tail */
				T0 = T3;		 /* the rest, to be reversed */
			}
			/* T0 points to first non-escape, Tx to the list of escapes, Ty to its tail */

			/* first tail-add non-escape transitions, reversed */
			T3 = (Trans *) 0;
			for (T5 = T0; T5; T5 = T4)
			{	T4 = T5->nxt;
	#ifdef HAS_UNLESS
				if (T5->e_trans)
				{	printf("error: cannot happen!\n");
					continue;
				}
	#endif
				if (strcmp(T5->tp, "else") == 0)
				{	T3 = T5;
					T5->nxt = (Trans *) 0;
				} else
				{	T5->nxt = T1;
					if (!T1) { T2 = T5; }
					T1 = T5;
			}	}
			/* T3 points to a possible else, which is removed from the list */
			/* T1 points to the reversed list so far (without escapes) */
			/* T2 points to the tail element -- where the else should go */
			if (T2 && T3)
			{	T2->nxt = T3;	/* add else */
			} else
			{	if (T3) /* there was an else, but there's no tail */
				{	if (!T1)	/* and no reversed list */
					{	T1 = T3; /* odd, but possible */
					} else		/* even stranger */
					{	T1->nxt = T3;
			}	}	}

			/* add in the escapes, to that they appear at the front */
			if (Tx && Ty) { Ty->nxt = T1; T1 = Tx; }

			trans[n][i] = T1;
			/* reversed, with escapes first and else last */
	}	}
	if (state_tables && verbose)
	{	printf("FINAL proctype %s\n", 
			procname[n]);
		for (i = 1; i < m; i++)
		for (T0 = trans[n][i]; T0; T0 = T0->nxt)
			crack(n, i, T0, srcln);
	}
}
void
imed(Trans *T, int v, int n, int j)	/* set intermediate state */
{	progstate[n][T->st] |= progstate[n][v];
	accpstate[n][T->st] |= accpstate[n][v];
	stopstate[n][T->st] |= stopstate[n][v];
	mapstate[n][j] = T->st;
}
void
tagtable(int n, int m, int is, short srcln[], uchar reach[])
{	Trans *z;

	if (is >= m || !trans[n][is]
	||  is <= 0 || reach[is] == 0)
		return;
	reach[is] = 0;
	if (state_tables)
	for (z = trans[n][is]; z; z = z->nxt)
	{	if (dodot)
			dot_crack(n, is, z);
		else
			crack(n, is, z, srcln);
	}

	for (z = trans[n][is]; z; z = z->nxt)
	{
#ifdef HAS_UNLESS
		int i, j;
#endif
		tagtable(n, m, z->st, srcln, reach);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			tagtable(n, m, j, srcln, reach);
		}
#endif
	}
}

extern Trans *t_id_lkup[];

void
dfs_table(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	Trans *z;

	if (is >= m || is <= 0 || !trans[n][is])
		return;
	if ((reach[is] & (4|8|16)) != 0)
	{	if ((reach[is] & (8|16)) == 16)	/* on stack, not yet recorded */
		{	lpstate[is] = 1;
			reach[is] |= 8; /* recorded */
			if (state_tables && verbose)
			{	printf("state %d line %d is a loopstate\n", is, srcln[is]);
		}	}
		return;
	}
	reach[is] |= (4|16);	/* visited | onstack */
	for (z = trans[n][is]; z; z = z->nxt)
	{	t_id_lkup[z->t_id] = z;
#ifdef HAS_UNLESS
		int i, j;
#endif
		dfs_table(n, m, z->st, srcln, reach, lpstate);
#ifdef HAS_UNLESS
		for (i = 0; i < HAS_UNLESS; i++)
		{	j = trans[n][is]->escp[i];
			if (!j) break;
			dfs_table(n, m, j, srcln, reach, lpstate);
		}
#endif
	}
	reach[is] &= ~16; /* no longer on stack */
}
void
do_dfs(int n, int m, int is, short srcln[], uchar reach[], uchar lpstate[])
{	int i;
	dfs_table(n, m, is, srcln, reach, lpstate);
	for (i = 0; i < m; i++)
		reach[i] &= ~(4|8|16);
}
void
crack(int n, int j, Trans *z, short srcln[])
{	int i;

	if (!z) return;
	printf("	state %3d -(tr %3d)-> state %3d  ",
		j, z->forw, z->st);
	printf("[id %3d tp %3d", z->t_id, z->tpe[0]);
	if (z->tpe[1]) printf(",%d", z->tpe[1]);
#ifdef HAS_UNLESS
	if (z->e_trans)
		printf(" org %3d", z->e_trans);
	else if (state_tables >= 2)
	for (i = 0; i < HAS_UNLESS; i++)
	{	if (!z->escp[i]) break;
		printf(" esc %d", z->escp[i]);
	}
#endif
	printf("]");
	printf(" [%s%s%s%s%s] %s:%d => ",
		z->atom&6?"A":z->atom&32?"D":"-",
		accpstate[n][j]?"a" :"-",
		stopstate[n][j]?"e" : "-",
		progstate[n][j]?"p" : "-",
		z->atom & 8 ?"L":"G",
		PanSource, srcln[j]);
	for (i = 0; z->tp[i]; i++)
		if (z->tp[i] == '\n')
			printf("\\n");
		else
			putchar(z->tp[i]);
	if (verbose && z->qu[0])
	{	printf("\t[");
		for (i = 0; i < 6; i++)
			if (z->qu[i])
				printf("(%d,%d)",
				z->qu[i], z->ty[i]);
		printf("]");
	}
	printf("\n");
	fflush(stdout);
}
/* spin -a m.pml; cc -o pan pan.c; ./pan -D | dot -Tps > foo.ps; ps2pdf foo.ps */
void
dot_crack(int n, int j, Trans *z)
{	int i;

	if (!z) return;
	printf("	S%d -> S%d  [color=black", j, z->st);

	if (z->atom&6) printf(",style=dashed");
	else if (z->atom&32) printf(",style=dotted");
	else if (z->atom&8) printf(",style=solid");
	else printf(",style=bold");

	printf(",label=\"");
	for (i = 0; z->tp[i]; i++)
	{	if (z->tp[i] == '\\'
		&&  z->tp[i+1] == 'n')
		{	i++; printf(" ");
		} else
		{	putchar(z->tp[i]);
	}	}
	printf("\"];\n");
	if (accpstate[n][j]) printf("  S%d [color=red,style=bold];\n", j);
	else if (progstate[n][j]) printf("  S%d [color=green,style=bold];\n", j);
	if (stopstate[n][j]) printf("  S%d [color=blue,style=bold,shape=box];\n", j);
}

#ifdef VAR_RANGES
#define BYTESIZE	32	/* 2^8 : 2^3 = 256:8 = 32 */

typedef struct Vr_Ptr {
	char	*nm;
	uchar	vals[BYTESIZE];
	struct Vr_Ptr *nxt;
} Vr_Ptr;
Vr_Ptr *ranges = (Vr_Ptr *) 0;

void
logval(char *s, int v)
{	Vr_Ptr *tmp;

	if (v<0 || v > 255) return;
	for (tmp = ranges; tmp; tmp = tmp->nxt)
		if (!strcmp(tmp->nm, s))
			goto found;
	tmp = (Vr_Ptr *) emalloc(sizeof(Vr_Ptr));
	tmp->nxt = ranges;
	ranges = tmp;
	tmp->nm = s;
found:
	tmp->vals[(v)/8] |= 1<<((v)%8);
}

void
dumpval(uchar X[], int range)
{	int w, x, i, j = -1;

	for (w = i = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
from:		if ((X[w] & (1<<x)))
		{	printf("%d", i);
			j = i;
			goto upto;
	}	}
	return;
	for (w = 0; w < range; w++)
	for (x = 0; x < 8; x++, i++)
	{
upto:		if (!(X[w] & (1<<x)))
		{	if (i-1 == j)
				printf(", ");
			else
				printf("-%d, ", i-1);
			goto from;
	}	}
	if (j >= 0 && j != 255)
		printf("-255");
}

void
dumpranges(void)
{	Vr_Ptr *tmp;
	printf("\nValues assigned within ");
	printf("interval [0..255]:\n");
	for (tmp = ranges; tmp; tmp = tmp->nxt)
	{	printf("\t%s\t: ", tmp->nm);
		dumpval(tmp->vals, BYTESIZE);
		printf("\n");
	}
}
#endif
